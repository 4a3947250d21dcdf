import * as vscode from 'vscode';
import type { ApplyOutcome, Change } from '../../engine/connections/change';
import { EngineError } from '../../engine/kernel/errors';
import { changeKey } from '../../engine/keys/changeKey';
import { bytesOfLabel, keyLabel, labelOfBytes } from '../../engine/keys/keyLabel';
import { keyBytes, keyName, type KeyName } from '../../engine/kernel/keyName';
import type { App } from '../app';
import { askText, tell } from '../prompts';
import { keyNode, placePrefix, type KeyNode, type PlaceNode } from '../trees/nodes';
import { confirmDestructive, type Confirmation } from './confirmWrite';
import { connectAndShow, pickKey, pickKeys, pickPlace, required } from './pickNode';
import type { Handlers } from './registerCommand';

const t = vscode.l10n.t;

/** The panels of values, as far as commands on keys need them. */
export interface KeyPanels {
  readonly show: (node: KeyNode) => Promise<void>;
  /** Reads again what is shown of a database. */
  readonly refresh: (place: PlaceNode) => void;
  /** Has what shows a key go on with its new name. */
  readonly follow: (source: KeyNode, to: KeyName) => Promise<void>;
}

/** Commands on single keys: open, rename, duplicate, copy names, reveal. */
export function keyCommands(app: App, panels: KeyPanels): Handlers {
  return {
    'cachify.key.open': async (node) => {
      await panels.show(await pickKey(app, node, t('Open value')));
    },
    'cachify.keys.openExact': (node) => openExact(app, node, panels.show),
    'cachify.key.rename': (node) => moveKey(app, node, 'rename', panels),
    'cachify.key.duplicate': (node) => moveKey(app, node, 'duplicate', panels),
    'cachify.key.copyName': async (node, selected) => {
      const keys = await pickKeys(app, node, selected, t('Copy name'));
      await vscode.env.clipboard.writeText(keys.map((item) => keyLabel(item.key)).join('\n'));
      tell(t('Copied'));
    },
    'cachify.key.copyRawName': async (node) => {
      const { key } = await pickKey(app, node, t('Copy raw name'));
      await vscode.env.clipboard.writeText(keyBytes(key).toString('utf8'));
      const isText = keyBytes(key).equals(Buffer.from(keyBytes(key).toString('utf8'), 'utf8'));
      tell(isText ? t('Copied') : t('Copied, but the name is not valid UTF-8: the copy differs from it'));
    },
  };
}

/** Opens a key by its exact name, without a scan. */
async function openExact(
  app: App,
  node: PlaceNode | undefined,
  openPanel: (node: KeyNode) => Promise<void>,
): Promise<KeyNode | undefined> {
  const place = await pickPlace(app, node, t('Open key by name'));
  await connectAndShow(app, place.connection);
  const key = required(await askKeyName(place, t('Open key by name'), placePrefix(place)));
  const { value: facts } = await place.connection.read(place.db, (reader, call) =>
    reader.describe(keyBytes(key), call),
  );
  if (!facts) throw new EngineError('CONFLICT', 'gone', t('There is no key named {0}', keyLabel(key)));
  const found = keyNode(place, key, placePrefix(place));
  await openPanel(found);
  return found;
}

/** Asks for the name of a key in its escaped form, so that any bytes can be typed. */
export async function askKeyName(
  place: PlaceNode,
  title: string,
  value: KeyName,
): Promise<KeyName | undefined> {
  const typed = await askText({
    title,
    prompt: t('Name of the key. Bytes that are no text are written as \\xff, a backslash as \\\\.'),
    value: labelOfBytes(keyBytes(value)),
    validate: (text) => nameProblem(place, text),
  });
  const bytes = typed === undefined ? undefined : bytesOfLabel(typed);
  return bytes && keyName(bytes);
}

function nameProblem(place: PlaceNode, text: string): string | undefined {
  const bytes = bytesOfLabel(text);
  if (!bytes) return t('A backslash must be written as \\\\, or start an escape such as \\xff');
  if (place.connection.profile.engine !== 'memcached') return undefined;
  if (bytes.length === 0 || bytes.length > 250) return t('Memcached keys have 1 to 250 bytes');
  return bytes.some((byte) => byte <= 32 || byte === 127)
    ? t('Memcached keys have no spaces or control characters')
    : undefined;
}

/** Rename and duplicate: never over another key unless the person agrees to replace it. */
async function moveKey(
  app: App,
  node: KeyNode | undefined,
  kind: 'rename' | 'duplicate',
  panels: KeyPanels,
): Promise<void> {
  const title = kind === 'rename' ? t('Rename key') : t('Duplicate key');
  const source = await pickKey(app, node, title);
  const to = required(await askKeyName(source.place, title, source.key));
  if (to === source.key) return;
  const change = { kind, key: keyBytes(source.key), to: keyBytes(to), replace: false } as const;
  const first = await submit(app, source, change, {});
  if (first.status === 'conflict' && first.conflict.reason === 'exists') {
    const confirmation = await confirmReplace(app, source, to);
    if (!confirmation) return;
    requireApplied(await submit(app, source, { ...change, replace: true }, confirmation), source.key);
  } else requireApplied(first, source.key);
  const { connection, db } = source.place;
  if (kind === 'rename') app.places.note(connection, db, source.key, false);
  app.places.note(connection, db, to, true);
  if (kind === 'rename') await panels.follow(source, to);
  panels.refresh(source.place);
  tell(kind === 'rename' ? t('Renamed to {0}', keyLabel(to)) : t('Duplicated to {0}', keyLabel(to)));
}

function confirmReplace(app: App, source: KeyNode, to: KeyName): Promise<Confirmation | undefined> {
  return confirmDestructive(app, {
    connection: source.place.connection,
    question: t('Replace the key {0}', keyLabel(to)),
    detail: t('A key with this name exists. Its value will be lost and cannot be had back.'),
    action: t('Replace Key'),
  });
}

function submit(
  app: App,
  source: KeyNode,
  change: Extract<Change, { to: Buffer }>,
  confirmation: Confirmation,
): Promise<ApplyOutcome> {
  const { connection, db, namespace } = source.place;
  const request = {
    requestId: app.random.id(),
    connectionId: connection.profile.id,
    db,
    ...(namespace && { namespace: namespace.name }),
    action: `key.${change.kind}`,
    target: `${keyLabel(source.key)} → ${keyLabel(keyName(change.to))}`,
    destructive: change.replace,
    ...confirmation,
  };
  return changeKey(app.gate, request, change);
}

/** Throws what kept a change from being applied, as an error a person can read. */
export function requireApplied(outcome: ApplyOutcome, key: KeyName): void {
  if (outcome.status === 'applied') return;
  if (outcome.status === 'unknown') {
    const message = t(
      'The reply was lost: {0} may or may not have been changed. Refresh to see',
      keyLabel(key),
    );
    throw new EngineError(outcome.cause.code, outcome.cause.reason, message, { cause: outcome.cause });
  }
  const { reason } = outcome.conflict;
  const texts = {
    gone: t('{0} does not exist any more. Nothing was changed', keyLabel(key)),
    exists: t('{0} exists already. Nothing was changed', keyLabel(key)),
    changed: t('{0} was changed by someone else. Nothing was changed', keyLabel(key)),
    'wrong-type': t('{0} is of another type by now. Nothing was changed', keyLabel(key)),
  };
  throw new EngineError('CONFLICT', reason, texts[reason]);
}
