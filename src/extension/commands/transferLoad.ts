import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { ApplyOutcome } from '../../engine/connections/change';
import type { KeyFacts } from '../../engine/connections/valuePage';
import type { SeenValue } from '../../engine/connections/valuePart';
import { EngineError } from '../../engine/kernel/errors';
import { keyBytes, keyName, type KeyName } from '../../engine/kernel/keyName';
import { keyLabel } from '../../engine/keys/keyLabel';
import { loadFile, type LoadFileJob } from '../../engine/transfer/valueFile';
import type { App } from '../app';
import { number, sizeText } from '../messages';
import { askChoice } from '../plainWindow';
import { tell, withProgress } from '../prompts';
import { keyNode, placePrefix, type FolderNode, type KeyNode, type PlaceNode } from '../trees/nodes';
import { confirmDestructive, type Confirmation } from './confirmWrite';
import { askKeyName, requireApplied } from './keyCommands';
import { connectAndShow, pickPlace, prefixOf, required } from './pickNode';
import { fileSource } from './transferFiles';
import { askOpenFile } from './transferPrompts';

const t = vscode.l10n.t;

/** Replaces the value of a string, item or JSON document by the bytes of a file; time to live and flags are kept. */
export async function loadValueFromFile(app: App, node: KeyNode): Promise<void> {
  const { place, key } = node;
  app.gate.requireUnlocked(requestOf(app, place, key, 'value.load'));
  await connectAndShow(app, place.connection);
  const facts = await describe(node);
  const uri = await askOpenFile(t('Load the value of {0}', keyLabel(key).slice(0, 80)));
  const source = await fileSource(uri);
  await requireFits(node, source.size, facts.flags ?? 0);
  const confirmation = required(await confirmLoad(app, node, basename(uri.path), source.size));
  const request = { ...requestOf(app, place, key, 'value.load'), destructive: true, ...confirmation };
  const job = { source, as: kindOf(facts), ttl: { mode: 'keep' }, seen: seenOf(facts) } as const;
  requireApplied(await load(app, key, { ...job, request }), key);
  tell(t('Loaded {0}', keyLabel(key)));
}

/** Makes a key of the bytes of a file. */
export async function newKeyFromFile(
  app: App,
  node: PlaceNode | FolderNode | undefined,
  openPanel: (node: KeyNode) => Promise<void>,
): Promise<void> {
  const place = await pickPlace(app, node, t('New key from file'));
  app.gate.requireUnlocked(requestOf(app, place, placePrefix(place), 'key.create'));
  await connectAndShow(app, place.connection);
  const uri = await askOpenFile(t('New key from file'));
  const source = await fileSource(uri);
  const prefix = node ? prefixOf(node) : placePrefix(place);
  const name = keyName(Buffer.from(basename(uri.path)));
  const key = required(await askKeyName(place, t('New key from file'), `${prefix}${name}` as KeyName));
  const as = await askKind(place);
  const request = requestOf(app, place, key, 'key.create');
  requireApplied(await load(app, key, { source, as, ttl: { mode: 'remove' }, request }), key);
  app.places.note(place.connection, place.db, key, true);
  app.tree.refresh(place);
  await openPanel(keyNode(place, key, placePrefix(place)));
}

function load(
  app: App,
  key: KeyName,
  job: Pick<LoadFileJob, 'request' | 'source' | 'as' | 'ttl' | 'seen'>,
): PromiseLike<ApplyOutcome> {
  return withProgress(t('Loading {0}', keyLabel(key)), (signal, report) => {
    let shown = 0;
    const onProgress = (bytes: number): void => {
      const percent = (bytes / Math.max(1, job.source.size)) * 100;
      report(t('{0} of {1}', sizeText(bytes), sizeText(job.source.size)), percent - shown);
      shown = percent;
    };
    return loadFile({ ...job, gate: app.gate, key: keyBytes(key), signal, onProgress });
  });
}

async function describe({ place, key }: KeyNode): Promise<KeyFacts> {
  const { value: facts } = await place.connection.read(place.db, (reader, call) =>
    reader.describe(keyBytes(key), call),
  );
  if (!facts) throw new EngineError('CONFLICT', 'gone', t('{0} does not exist any more', keyLabel(key)));
  if (facts.type === 'string' || facts.type === 'item' || facts.type === 'json') return facts;
  const message = t('A {0} is no single value: import a file of keys to replace it', facts.typeName);
  throw new EngineError('NOT_SUPPORTED', 'unsupported', message);
}

/** A value that the server would not take is refused before anything is asked. */
async function requireFits({ place, key }: KeyNode, size: number, flags: number): Promise<void> {
  const { value: largest } = await place.connection.read(place.db, (reader, call) =>
    reader.largestValue(keyBytes(key), flags, call),
  );
  if (size <= largest) return;
  const message = t(
    'The file has {0} bytes, and the server takes {1} at most for {2}. Nothing was changed',
    number(size),
    number(largest),
    keyLabel(key).slice(0, 200),
  );
  throw new EngineError('VALIDATION_ERROR', 'invalid', message);
}

function kindOf({ type, flags }: KeyFacts): LoadFileJob['as'] {
  if (type === 'item') return { kind: 'item', flags: flags ?? 0 };
  return { kind: type === 'json' ? 'json' : 'string' };
}

function seenOf({ type, length, cas }: KeyFacts): SeenValue {
  return { type, ...(length !== undefined && { length }), ...(cas !== undefined && { cas }) };
}

async function askKind({ connection }: PlaceNode): Promise<LoadFileJob['as']> {
  if (connection.profile.engine === 'memcached') return { kind: 'item', flags: 0 };
  const kind = await askChoice<'string' | 'json'>(t('Type of the key'), [
    { label: 'string', detail: t('The bytes of the file'), value: 'string' },
    { label: 'json', detail: t('A document of the JSON module'), value: 'json' },
  ]);
  return { kind: required(kind) };
}

function confirmLoad(
  app: App,
  { place, key }: KeyNode,
  file: string,
  size: number,
): Promise<Confirmation | undefined> {
  return confirmDestructive(app, {
    connection: place.connection,
    question: t('Replace the value of {0}', keyLabel(key).slice(0, 200)),
    detail: t(
      'By the {0} of {1}. The value that is there will be lost and cannot be had back.',
      sizeText(size),
      file,
    ),
    action: t('Replace Value'),
  });
}

function requestOf(
  app: App,
  { connection, db, namespace }: PlaceNode,
  key: KeyName,
  action: string,
): LoadFileJob['request'] {
  return {
    requestId: app.random.id(),
    connectionId: connection.profile.id,
    db,
    ...(namespace && { namespace: namespace.name }),
    action,
    target: keyLabel(key),
    destructive: false,
  };
}
