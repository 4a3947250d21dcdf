import type { Buffer } from 'node:buffer';
import type { StreamStateGroup, ValuePart } from '../connections/valuePart';
import { parseMoment, type Moment } from '../kernel/moment';
import type { FileType } from './fileLines';

/** What one command adds to its key. */
export type CommandEffect =
  /** `isWhole`: on a server, it replaces what commands before it made. */
  | {
      readonly what: 'part';
      readonly type: FileType;
      readonly part: ValuePart;
      readonly isWhole?: boolean;
    }
  | { readonly what: 'expiry'; readonly expireAtMs: Moment }
  | { readonly what: 'fieldExpiry'; readonly fields: readonly Buffer[]; readonly expireAtMs: Moment }
  | {
      readonly what: 'streamId';
      readonly lastId: string;
      readonly entriesAdded?: number;
      readonly maxDeletedId?: string;
    }
  | { readonly what: 'group'; readonly group: StreamStateGroup }
  | { readonly what: 'noGroup'; readonly name: Buffer }
  | { readonly what: 'consumer'; readonly group: Buffer; readonly consumer: Buffer };

/** A command that was understood. */
export interface ParsedCommand {
  readonly key: Buffer;
  readonly effect: CommandEffect;
}

type Parse = (args: readonly Buffer[]) => CommandEffect | undefined;

const wholeNumber = /^\d{1,15}$/;
const streamId = /^\d{1,20}-\d{1,20}$/;
const scoreText = /^[+-]?(inf|\d+(\.\d+)?(e[+-]?\d+)?)$/i;

/** Each command that may stand in a file, in the one form that only adds; the arguments after the key. */
const parsers = new Map<string, Parse>([
  ['SET', (args) => one(args, (bytes) => whole('string', { kind: 'string', bytes }))],
  ['APPEND', (args) => one(args, (bytes) => part('string', { kind: 'string', bytes }))],
  ['RPUSH', (args) => some(args, (elements) => part('list', { kind: 'list', elements }))],
  ['SADD', (args) => some(args, (elements) => part('set', { kind: 'set', elements }))],
  ['HSET', hash],
  ['ZADD', sorted],
  ['XADD', entry],
  ['XSETID', streamLast],
  ['XCLAIM', pending],
  ['PEXPIREAT', ([moment, ...rest]) => (rest.length === 0 ? expiry(moment) : undefined)],
  ['HPEXPIREAT', fieldExpiry],
  ['RESTORE', restore],
  ['JSON.SET', ([path, bytes, ...rest]) => (bytes && rest.length === 0 && textOf(path) === '$' ? whole('json', { kind: 'json', bytes }) : undefined)],
]); // prettier-ignore

const groupParsers = new Map<string, Parse>([
  ['CREATE', createGroup],
  ['DESTROY', ([name, ...rest]) => (name && rest.length === 0 ? { what: 'noGroup', name } : undefined)],
  ['CREATECONSUMER', ([group, consumer, ...rest]) => (group && consumer && rest.length === 0 ? { what: 'consumer', group, consumer } : undefined)],
]); // prettier-ignore

/** Reads a command that only adds data to one key; undefined for every other command, and every other form of it. */
export function parseCommand([name, ...args]: readonly Buffer[]): ParsedCommand | undefined {
  const word = textOf(name).toUpperCase();
  const [parse, key, rest] =
    word === 'XGROUP'
      ? [groupParsers.get(textOf(args[0]).toUpperCase()), args[1], args.slice(2)]
      : [parsers.get(word), args[0], args.slice(1)];
  const effect = key && parse?.(rest);
  return effect && { key, effect };
}

/** The key that a command is about, of which no more may be known than how it begins; undefined for a command that is not taken. */
export function keyOf([name, ...args]: readonly Buffer[]): Buffer | undefined {
  const word = textOf(name).toUpperCase();
  if (word === 'XGROUP') return groupParsers.has(textOf(args[0]).toUpperCase()) ? args[1] : undefined;
  return parsers.has(word) ? args[0] : undefined;
}

function part(type: FileType, own: ValuePart): CommandEffect {
  return { what: 'part', type, part: own };
}

function whole(type: FileType, own: ValuePart): CommandEffect {
  return { what: 'part', type, part: own, isWhole: true };
}

function one(args: readonly Buffer[], make: (bytes: Buffer) => CommandEffect): CommandEffect | undefined {
  const [bytes, ...rest] = args;
  return bytes && rest.length === 0 ? make(bytes) : undefined;
}

function some(
  args: readonly Buffer[],
  make: (all: readonly Buffer[]) => CommandEffect,
): CommandEffect | undefined {
  return args.length > 0 ? make(args) : undefined;
}

function hash(args: readonly Buffer[]): CommandEffect | undefined {
  const entries = pairsOf(args)?.map(([field, value]) => ({ field, value }));
  return entries && part('hash', { kind: 'hash', entries });
}

function sorted(args: readonly Buffer[]): CommandEffect | undefined {
  const pairs = pairsOf(args);
  if (!pairs?.every(([score]) => scoreText.test(textOf(score)))) return undefined;
  return part('zset', { kind: 'zset', members: pairs.map(([score, member]) => [member, textOf(score)]) });
}

function entry([id, ...args]: readonly Buffer[]): CommandEffect | undefined {
  const fields = pairsOf(args);
  if (!fields || !streamId.test(textOf(id))) return undefined;
  return part('stream', { kind: 'stream', entries: [{ id: textOf(id), fields }] });
}

function streamLast([last, ...args]: readonly Buffer[]): CommandEffect | undefined {
  const lastId = textOf(last);
  if (!streamId.test(lastId)) return undefined;
  if (args.length === 0) return { what: 'streamId', lastId };
  const [added, count, deleted, maxDeletedId, ...rest] = args.map(textOf);
  const fits = added === 'ENTRIESADDED' && deleted === 'MAXDELETEDID' && rest.length === 0;
  if (!fits || !wholeNumber.test(count ?? '') || !streamId.test(maxDeletedId ?? '')) return undefined;
  return { what: 'streamId', lastId, entriesAdded: Number(count), maxDeletedId: maxDeletedId ?? '' };
}

function createGroup([name, id, ...args]: readonly Buffer[]): CommandEffect | undefined {
  const own = textOf(id) === '0' ? '0-0' : textOf(id);
  if (!name || !streamId.test(own)) return undefined;
  const [first, count, ...rest] = args.map(textOf).filter((word) => word !== 'MKSTREAM');
  if (first === undefined) return { what: 'group', group: { name, lastId: own, consumers: [] } };
  if (first !== 'ENTRIESREAD' || !wholeNumber.test(count ?? '') || rest.length > 0) return undefined;
  return { what: 'group', group: { name, lastId: own, entriesRead: Number(count), consumers: [] } };
}

function pending([group, consumer, ...args]: readonly Buffer[]): CommandEffect | undefined {
  const [idle, id = '', time, moment = '', retry, count = '', ...flags] = args.map(textOf);
  const fits =
    idle === '0' && time === 'TIME' && retry === 'RETRYCOUNT' && flags.join(' ') === 'FORCE JUSTID';
  const isValid = streamId.test(id) && wholeNumber.test(moment) && wholeNumber.test(count);
  if (!group || !consumer || !fits || !isValid) return undefined;
  const own = { id, consumer, deliveredAtMs: Number(moment), deliveries: Number(count) };
  return part('stream', { kind: 'pending', group, entries: [own] });
}

function expiry(moment: Buffer | undefined): CommandEffect | undefined {
  const expireAtMs = parseMoment(textOf(moment));
  return expireAtMs === undefined ? undefined : { what: 'expiry', expireAtMs };
}

function fieldExpiry([moment, word, count, ...fields]: readonly Buffer[]): CommandEffect | undefined {
  const fits = textOf(word) === 'FIELDS' && Number(textOf(count)) === fields.length && fields.length > 0;
  const expireAtMs = parseMoment(textOf(moment));
  return fits && expireAtMs !== undefined ? { what: 'fieldExpiry', fields, expireAtMs } : undefined;
}

/** Without a time to live of its own: that is a command of its own too. */
function restore([ttl, bytes, ...flags]: readonly Buffer[]): CommandEffect | undefined {
  const isPlain = textOf(ttl) === '0' && flags.every((flag) => textOf(flag) === 'REPLACE');
  return bytes && isPlain ? whole('dump', { kind: 'dump', bytes }) : undefined;
}

function pairsOf(args: readonly Buffer[]): [Buffer, Buffer][] | undefined {
  if (args.length === 0 || args.length % 2 !== 0) return undefined;
  const pairs: [Buffer, Buffer][] = [];
  for (let i = 0; i < args.length; i += 2) pairs.push([args[i] as Buffer, args[i + 1] as Buffer]);
  return pairs;
}

function textOf(bytes: Buffer | undefined): string {
  return bytes?.toString('latin1') ?? '';
}
