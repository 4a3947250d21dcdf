import * as vscode from 'vscode';
import type { ApplyOutcome } from '../../engine/connections/change';
import type { Connection } from '../../engine/connections/connection';
import { keyBytes, type KeyName } from '../../engine/kernel/keyName';
import { keyLabel } from '../../engine/keys/keyLabel';
import { copyKey } from '../../engine/transfer/copyKey';
import type { App } from '../app';
import { addressOf, environmentWord, placeName } from '../messages';
import { type Choice, askChoice } from '../plainWindow';
import { tell, withProgress } from '../prompts';
import { connectionNode, type KeyNode, type PlaceNode } from '../trees/nodes';
import { confirmDestructive, type Confirmation } from './confirmWrite';
import { askKeyName, requireApplied } from './keyCommands';
import { connectAndShow, pickKey, required } from './pickNode';

const t = vscode.l10n.t;

/** Copies a key with its time to live to another database or connection of the same engine. */
export async function copyToCommand(
  app: App,
  node: KeyNode | undefined,
  refresh: (place: PlaceNode) => void,
): Promise<void> {
  const source = await pickKey(app, node, t('Copy key'));
  const target = await askTarget(app, source);
  app.gate.requireUnlocked(requestOf(app, source, target, source.key, false));
  for (let name = source.key; ;) {
    name = required(await askKeyName(target, t('Copy {0} to', keyLabel(source.key)), name));
    const first = await copy(app, source, target, name, undefined);
    if (first.status !== 'conflict' || first.conflict.reason !== 'exists') {
      done(app, source, target, name, first, refresh);
      return;
    }
    const answer = required(await askExisting(name));
    if (answer === 'rename') continue;
    const confirmation = required(await confirmReplace(app, target, name));
    done(app, source, target, name, await copy(app, source, target, name, confirmation), refresh);
    return;
  }
}

async function askTarget(app: App, source: KeyNode): Promise<PlaceNode> {
  const { engine } = source.place.connection.profile;
  const all = await app.connections.list();
  const choices = all
    .filter(({ profile }) => profile.engine === engine)
    .map((connection): Choice<Connection> => ({
      label: connection.profile.name,
      description: targetText(connection),
      value: connection,
    }));
  const connection = required(await askChoice(t('Copy {0} to', keyLabel(source.key)), choices));
  await connectAndShow(app, connection);
  const places = (await app.tree.getChildren(connectionNode(connection))).filter(
    (child) => child.kind === 'place',
  );
  const [only] = places;
  if (places.length === 1 && only) return only;
  return required(
    await askChoice(
      t('Copy {0} to', keyLabel(source.key)),
      places.map((place): Choice<PlaceNode> => ({ label: placeName(place), value: place })),
    ),
  );
}

function targetText({ profile }: Connection): string {
  const lock = profile.readOnly ? t('read-only') : '';
  return [environmentWord(profile), lock, addressOf(profile)].filter(Boolean).join(' · ');
}

function askExisting(name: KeyName): Promise<'rename' | 'replace' | undefined> {
  return askChoice<'rename' | 'replace'>(t('{0} exists there', keyLabel(name).slice(0, 200)), [
    { label: t('Choose another name'), value: 'rename' },
    { label: t('Replace it'), value: 'replace' },
  ]);
}

function confirmReplace(
  app: App,
  { connection }: PlaceNode,
  name: KeyName,
): Promise<Confirmation | undefined> {
  return confirmDestructive(app, {
    connection,
    question: t('Replace the key {0}', keyLabel(name)),
    detail: t('A key with this name exists. Its value will be lost and cannot be had back.'),
    action: t('Replace Key'),
  });
}

function copy(
  app: App,
  source: KeyNode,
  target: PlaceNode,
  name: KeyName,
  confirmation: Confirmation | undefined,
): PromiseLike<ApplyOutcome> {
  const { connection, db } = source.place;
  const request = { ...requestOf(app, source, target, name, confirmation !== undefined), ...confirmation };
  return withProgress(
    t('Copying {0}', keyLabel(source.key)),
    (signal) =>
    copyKey({
      gate: app.gate, request, replace: confirmation !== undefined, clock: app.clock, signal,
      from: { connection, db, key: keyBytes(source.key) },
      to: { connection: target.connection, key: keyBytes(name) },
    }), // prettier-ignore
  );
}

function requestOf(app: App, source: KeyNode, target: PlaceNode, name: KeyName, destructive: boolean) {
  return {
    requestId: app.random.id(),
    connectionId: target.connection.profile.id,
    db: target.db,
    ...(target.namespace && { namespace: target.namespace.name }),
    action: 'key.duplicate',
    target: `${keyLabel(source.key)} → ${keyLabel(name)}`,
    destructive,
  };
}

function done(
  app: App,
  source: KeyNode,
  target: PlaceNode,
  name: KeyName,
  outcome: ApplyOutcome,
  refresh: (place: PlaceNode) => void,
): void {
  requireApplied(outcome, name);
  app.places.note(target.connection, target.db, name, true);
  refresh(target);
  tell(t('Copied {0} to {1}', keyLabel(source.key), target.connection.profile.name));
}
