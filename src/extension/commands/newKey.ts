import * as vscode from 'vscode';
import type { NewValue } from '../../engine/connections/change';
import type { TtlChange } from '../../engine/connections/ttlChange';
import { changeKey } from '../../engine/keys/changeKey';
import { bytesOfLabel, keyLabel } from '../../engine/keys/keyLabel';
import { keyBytes, type KeyName } from '../../engine/kernel/keyName';
import type { App } from '../app';
import { askChoice } from '../plainWindow';
import { askText, tell } from '../prompts';
import { keyNode, placePrefix, type KeyNode, type PlaceNode } from '../trees/nodes';
import { askKeyName, requireApplied } from './keyCommands';
import { connectAndShow, pickPlace, prefixOf, required } from './pickNode';
import type { Handlers } from './registerCommand';
import { parseTtl } from './ttl';

const t = vscode.l10n.t;

type NewType = NewValue['type'];

/** The command that makes a key of any type, and opens it. */
export function newKeyCommand(app: App, openPanel: (node: KeyNode) => Promise<void>): Handlers {
  return {
    'cachify.key.new': async (node) => {
      const place = await pickPlace(app, node, t('New key'));
      await connectAndShow(app, place.connection);
      const key = await createKey(app, place, node ? prefixOf(node) : placePrefix(place));
      app.places.note(place.connection, place.db, key, true);
      app.tree.refresh(place);
      await openPanel(keyNode(place, key, placePrefix(place)));
    },
  };
}

async function createKey(app: App, place: PlaceNode, prefix: string): Promise<KeyName> {
  const title = t('New key on {0}', place.connection.profile.name);
  const request = {
    requestId: app.random.id(),
    connectionId: place.connection.profile.id,
    db: place.db,
    ...(place.namespace && { namespace: place.namespace.name }),
    action: 'key.create',
    target: keyLabel(prefix as KeyName),
    destructive: false,
  };
  app.gate.requireUnlocked(request);
  const type = place.connection.profile.engine === 'memcached' ? 'item' : required(await askType(title));
  const key = required(await askKeyName(place, title, prefix as KeyName));
  const value = await askValue(title, type);
  const ttl = await askNewTtl(app, title);
  const target = keyLabel(key);
  requireApplied(
    await changeKey(app.gate, { ...request, target }, { kind: 'create', key: keyBytes(key), value, ttl }),
    key,
  );
  tell(t('Created {0}', target));
  return key;
}

function askType(title: string): Promise<NewType | undefined> {
  const types: readonly (readonly [NewType, string])[] = [
    ['string', t('Text or bytes')],
    ['hash', t('Fields with values')],
    ['list', t('Elements in order')],
    ['set', t('Distinct members')],
    ['zset', t('Members with scores')],
    ['stream', t('Entries with fields')],
    ['json', t('A document of the JSON module')],
  ];
  return askChoice(
    title,
    types.map(([value, detail]) => ({ label: value, detail, value })),
    t('Type of the key'),
  );
}

/** First content of the key, asked for in the words of its type. */
async function askValue(title: string, type: NewType): Promise<NewValue> {
  switch (type) {
    case 'string':
    case 'json':
      return { type, bytes: await askBytes(title, t('Value')) };
    case 'item':
      return {
        type,
        bytes: await askBytes(title, t('Value')),
        flags: Number(await askMatching(title, t('Flags'), /^\d{1,10}$/, '0')),
      };
    case 'list':
    case 'set':
      return {
        type,
        elements: [await askBytes(title, type === 'list' ? t('First element') : t('First member'))],
      };
    case 'zset': {
      const member = await askBytes(title, t('First member'));
      const score = await askMatching(
        title,
        t('Score of the member'),
        /^([+-]?\d+(\.\d+)?(e[+-]?\d+)?|[+-]?inf)$/i,
        '0',
      );
      return { type, members: [[member, score]] };
    }
    case 'hash':
      return {
        type,
        entries: [[await askBytes(title, t('First field')), await askBytes(title, t('Value of the field'))]],
      };
    case 'stream':
      return {
        type,
        fields: [[await askBytes(title, t('First field')), await askBytes(title, t('Value of the field'))]],
      };
  }
}

async function askBytes(title: string, what: string): Promise<Buffer> {
  const validate = (text: string): string | undefined =>
    bytesOfLabel(text)
      ? undefined
      : t('A backslash must be written as \\\\, or start an escape such as \\xff');
  return bytesOfLabel(required(await askText({ title, prompt: what, validate }))) ?? Buffer.alloc(0);
}

async function askMatching(title: string, what: string, pattern: RegExp, value: string): Promise<string> {
  const validate = (text: string): string | undefined =>
    pattern.test(text) ? undefined : t('{0} must be a number', what);
  return required(await askText({ title, prompt: what, value, validate }));
}

async function askNewTtl(app: App, title: string): Promise<TtlChange> {
  const validate = (text: string): string | undefined =>
    text === '' || parseTtl(text) !== undefined
      ? undefined
      : t('Write a time such as 90, 15m, 2h 30m or 7d, or nothing');
  const text = required(
    await askText({
      title,
      prompt: t('Time to live, such as 15m; empty: the key does not expire'),
      validate,
    }),
  );
  const seconds = parseTtl(text);
  return seconds === undefined
    ? { mode: 'keep' }
    : { mode: 'set', expireAtMs: app.clock.now() + seconds * 1000 };
}
