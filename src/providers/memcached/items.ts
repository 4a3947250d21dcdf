import type { CallOptions } from '../../engine/connections/cacheProvider';
import type { ApplyOutcome, Change, Conflict } from '../../engine/connections/change';
import type { KeyFacts } from '../../engine/connections/valuePage';
import { EngineError, toEngineError } from '../../engine/kernel/errors';
import type { MemcachedLink } from './memcachedLink';
import { getWithCas, isPlain, keepExpiration, metaDebug, metaGet, metaSet } from './metaCommands';
import { orPutBack } from './orPutBack';
import { metaParser, type MetaReply, valueParser, wholeNumber, wordParser } from './replies';

/** What can be told of an item without counting as an access to it. */
export interface ItemGlance {
  /** Seconds to live, -1 when it does not expire. */
  readonly ttl: number;
  /** 64-bit number as text; `0` when the server runs without CAS. */
  readonly cas: string;
  /** Seconds since the last access. */
  readonly idleSeconds: number;
  /** Bytes with key and header, as the server counts them. */
  readonly memoryBytes?: number;
  readonly slab?: number;
}

/** An item whole. */
export interface Item extends ItemGlance {
  readonly flags: number;
  readonly data: Buffer;
}

/**
 * Looks at an item by `me`, which changes nothing; undefined when it does not exist. `mg` would count as an access and,
 * on an item that was marked stale, use up the one token by which a client learns that it shall renew it (memcached
 * protocol, "Stale items"): it is asked only where `me` cannot be.
 */
export async function glanceAtItem(
  link: MemcachedLink,
  key: Buffer,
  call: CallOptions,
): Promise<ItemGlance | undefined> {
  const told = isPlain(key) ? await orUnsupported(link.send(metaDebug(key), debugParser, call)) : undefined;
  if (told !== undefined) return glanceOf(told);
  const reply = await link.send(metaGet(key, 't c l'), metaParser, call);
  return reply.code === 'EN' ? undefined : glanceOfFlags(reply);
}

/**
 * Reads an item whole by `gets`, which counts as an access, and leaves the token of a stale one to others; undefined when
 * it does not exist.
 */
export async function readItem(
  link: MemcachedLink,
  key: Buffer,
  call: CallOptions,
): Promise<Item | undefined> {
  if (!isPlain(key)) return readByMeta(link, key, call);
  const [told, found] = await Promise.all([
    orUnsupported(link.send(metaDebug(key), debugParser, call)),
    link.send(getWithCas(key), valueParser(key), call),
  ]);
  if (told === undefined) return readByMeta(link, key, call);
  const glance = glanceOf(told);
  if (glance && found?.cas === glance.cas) return { ...glance, ...found };
  // gone, or written in between: `mg` tells all of it at one moment
  return found || glance ? readByMeta(link, key, call) : undefined;
}

/** One moment's value, time to live and CAS, at the price of an access; for names that a text command cannot carry. */
async function readByMeta(link: MemcachedLink, key: Buffer, call: CallOptions): Promise<Item | undefined> {
  const reply = await link.send(metaGet(key, 'v t f c l'), metaParser, call);
  if (reply.code === 'EN') return undefined;
  const { flags, data = Buffer.alloc(0) } = reply;
  return { ...glanceOfFlags(reply), flags: wholeNumber(flags.get('f') ?? '0'), data };
}

/**
 * The item with the time to live that a write is to keep. `me` of old servers (1.6.18) tells seconds as negative numbers,
 * so that -1 is both "does not expire" and "one second": the write that follows settles what `mg` uses up.
 */
export async function withKnownTtl(
  link: MemcachedLink,
  key: Buffer,
  item: Item,
  call: CallOptions,
): Promise<Item> {
  if (item.ttl !== -1) return item;
  const reply = await link.send(metaGet(key, 't'), metaParser, call);
  return reply.code === 'EN'
    ? { ...item, ttl: 0 }
    : { ...item, ttl: wholeNumber(reply.flags.get('t') ?? '-1') };
}

async function orUnsupported(reply: Promise<string>): Promise<string | undefined> {
  try {
    return await reply;
  } catch (thrown) {
    if (toEngineError(thrown).code === 'NOT_SUPPORTED') return undefined;
    throw thrown;
  }
}

const debugParser = wordParser(/^(ME .|EN$|NF$)/);

/** `ME key exp=100 la=2 cas=4 fetch=no cls=1 size=69`; old servers tell the seconds left as a negative number. */
function glanceOf(line: string): ItemGlance | undefined {
  if (!line.startsWith('ME ')) return undefined;
  const told = new Map(
    Array.from(line.matchAll(/ (\w+)=(\S+)/g), ([, name = '', value = '']) => [name, value]),
  );
  const seconds = wholeNumber(told.get('exp') ?? '-1');
  return {
    ttl: seconds === -1 ? -1 : Math.abs(seconds),
    cas: told.get('cas') ?? '0',
    idleSeconds: wholeNumber(told.get('la') ?? '0'),
    memoryBytes: wholeNumber(told.get('size') ?? '0'),
    slab: wholeNumber(told.get('cls') ?? '0'),
  };
}

function glanceOfFlags({ flags }: MetaReply): ItemGlance {
  return {
    ttl: wholeNumber(flags.get('t') ?? '-1'),
    cas: flags.get('c') ?? '0',
    idleSeconds: wholeNumber(flags.get('l') ?? '0'),
  };
}

/** An item as the engine describes keys, with as much as was told of it. */
export function factsOf(item: ItemGlance | Item): KeyFacts {
  return {
    type: 'item',
    typeName: 'item',
    cas: item.cas,
    idleSeconds: item.idleSeconds,
    ...('data' in item && { length: item.data.length, flags: item.flags }),
    ...(item.memoryBytes !== undefined && { memoryBytes: item.memoryBytes }),
    ...(item.slab !== undefined && { slab: item.slab }),
    ...(item.ttl >= 0 && { ttlMs: item.ttl * 1000 }),
  };
}

type ItemSet = Extract<Change, { kind: 'item.set' }>;

/**
 * Replaces the value of an item if its CAS is still the one that was seen; flags are written as told, the time to
 * live is read right before and kept to the second.
 */
export async function setItem(
  link: MemcachedLink,
  change: ItemSet,
  ttlOf: (item: Item) => number,
  keptOf: (item: Item) => number,
  call: CallOptions,
): Promise<ApplyOutcome> {
  if (change.cas === '0')
    throw new EngineError(
      'NOT_SUPPORTED',
      'unsupported',
      'The server runs without CAS (-C), so an edit could overwrite the change of another client',
    );
  const seen = await readItem(link, change.key, call);
  if (!seen) return conflict({ reason: 'gone' });
  // a CAS may have been read later than the bytes that the edit is based on
  if (seen.cas !== change.cas || !seen.data.equals(change.before)) return moved(seen);
  const now = await withKnownTtl(link, change.key, seen, call);
  const command = metaSet(change.key, change.after, `C${change.cas} F${change.flags} T${ttlOf(now)}`);
  const there = { key: change.key, item: now, expiration: keptOf(now) };
  const reply = await orPutBack(link, command, there, call);
  if (reply.code === 'HD') return { status: 'applied' };
  if (reply.code === 'NF') return conflict({ reason: 'gone' });
  const current = await readItem(link, change.key, call);
  return current ? moved(current) : conflict({ reason: 'gone' });
}

/** Expiration that `item.set` writes: the one the item has. */
export function keptExpiration(serverNow: number): (item: Item) => number {
  return (item) => keepExpiration(item.ttl, serverNow);
}

function moved(item: Item): ApplyOutcome {
  return conflict({ reason: 'changed', current: item.data, cas: item.cas });
}

/** A conflict as the outcome of a change. */
export function conflict(detail: Conflict): ApplyOutcome {
  return { status: 'conflict', conflict: detail };
}
