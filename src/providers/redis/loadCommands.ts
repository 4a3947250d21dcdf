import type { StreamState, ValuePart } from '../../engine/connections/valuePart';
import { EngineError } from '../../engine/kernel/errors';
import type { Arg } from './redisLink';

type Command = readonly [string, ...Arg[]];

/** What the server that is loaded into can do, and what the load needs. */
export interface LoadTarget {
  /** XSETID and XGROUP take counters: Redis 7 and later. */
  readonly hasStreamCounters: boolean;
  /** A field that no hash has: it keeps a hash alive while fields of it expire, and goes when all is there. */
  readonly keeper: string;
}

/** The commands that add one piece of a value to `key`. */
export function loadCommands(key: Buffer, part: ValuePart, target: LoadTarget): Command[] {
  switch (part.kind) {
    case 'string':
      return [['APPEND', key, part.bytes]];
    case 'json':
      return [['JSON.SET', key, '$', part.bytes]];
    case 'dump':
      return [['RESTORE', key, 0, part.bytes]];
    case 'hash':
      return hashCommands(key, part.entries, target.keeper);
    case 'list':
      return part.elements.length === 0 ? [] : [['RPUSH', key, ...part.elements]];
    case 'set':
      return part.elements.length === 0 ? [] : [['SADD', key, ...part.elements]];
    case 'zset':
      return part.members.length === 0
        ? []
        : [['ZADD', key, ...part.members.flatMap(([m, score]) => [score, m])]];
    case 'stream':
      return part.entries.map(({ id, fields }) => ['XADD', key, id, ...fields.flat()]);
    case 'streamState':
      return stateCommands(key, part.state, target);
    case 'pending':
      return part.entries.map((entry) => pendingCommand(key, part.group, entry));
    case 'item':
      throw new EngineError('NOT_SUPPORTED', 'unsupported', 'Redis has no Memcached items');
  }
}

/** Whether fields of a piece expire by themselves, perhaps before the value is whole. */
export function needsKeeper(part: ValuePart): boolean {
  return part.kind === 'hash' && part.entries.some(({ expireAtMs }) => expireAtMs !== undefined);
}

function hashCommands(
  key: Buffer,
  entries: Extract<ValuePart, { kind: 'hash' }>['entries'],
  keeper: string,
): Command[] {
  if (entries.length === 0) return [];
  const expiring = entries.flatMap(({ field, expireAtMs }): Command[] =>
    expireAtMs === undefined ? [] : [['HPEXPIREAT', key, String(expireAtMs), 'FIELDS', 1, field]],
  );
  const kept = expiring.length === 0 ? [] : [keeper, ''];
  return [['HSET', key, ...entries.flatMap(({ field, value }) => [field, value]), ...kept], ...expiring];
}

function stateCommands(key: Buffer, state: StreamState, { hasStreamCounters }: LoadTarget): Command[] {
  const { lastId, groups, entriesAdded, maxDeletedId } = state;
  const counters: Arg[] =
    hasStreamCounters && entriesAdded !== undefined
      ? ['ENTRIESADDED', entriesAdded, 'MAXDELETEDID', maxDeletedId ?? '0-0']
      : [];
  // a stream without entries exists only through a group: one that goes again
  const made = Buffer.from('cachify-load');
  return [
    ['XGROUP', 'CREATE', key, made, '0', 'MKSTREAM'],
    ['XGROUP', 'DESTROY', key, made],
    ['XSETID', key, lastId, ...counters],
    ...groups.flatMap((group): Command[] => {
      const read =
        hasStreamCounters && group.entriesRead !== undefined ? ['ENTRIESREAD', group.entriesRead] : [];
      // older servers know only consumers that hold entries, which XCLAIM makes
      const consumers = hasStreamCounters ? group.consumers : [];
      return [
        ['XGROUP', 'CREATE', key, group.name, group.lastId, ...read],
        ...consumers.map((name): Command => ['XGROUP', 'CREATECONSUMER', key, group.name, name]),
      ];
    }),
  ];
}

function pendingCommand(
  key: Buffer,
  group: Buffer,
  entry: Extract<ValuePart, { kind: 'pending' }>['entries'][number],
): Command {
  const { id, consumer, deliveredAtMs, deliveries } = entry;
  const state = ['TIME', String(deliveredAtMs), 'RETRYCOUNT', deliveries, 'FORCE', 'JUSTID'];
  return ['XCLAIM', key, group, consumer, 0, id, ...state];
}
