import type { CallOptions } from '../../engine/connections/cacheProvider';
import type { ApplyOutcome, Change, Conflict } from '../../engine/connections/change';
import type { KeyFacts } from '../../engine/connections/valuePage';
import { EngineError, toEngineError } from '../../engine/kernel/errors';
import type { MemcachedLink } from './memcachedLink';
import { keepExpiration, metaDebug, metaGet, metaSet } from './metaCommands';
import { orPutBack } from './orPutBack';
import { metaParser, type MetaReply, wordParser } from './replies';

/** What `mg` tells of an item. */
export interface Item {
  /** Seconds to live, -1 when it does not expire. */
  readonly ttl: number;
  readonly flags: number;
  readonly size: number;
  /** 64-bit number as text; `0` when the server runs without CAS. */
  readonly cas: string;
  readonly idleSeconds: number;
  readonly data?: Buffer;
}

/** Flags and, with `v`, the value of an item; undefined when it does not exist. `l` and `t` keep its place in the LRU. */
export async function readItem(
  link: MemcachedLink,
  key: Buffer,
  call: CallOptions,
  withValue: boolean,
): Promise<Item | undefined> {
  const reply = await link.send(metaGet(key, `${withValue ? 'v ' : ''}t f s c l`), metaParser, call);
  return reply.code === 'EN' ? undefined : itemOf(reply);
}

function itemOf({ flags, data }: MetaReply): Item {
  const number = (letter: string): number => Number(flags.get(letter) ?? 0);
  return {
    ttl: flags.has('t') ? number('t') : -1,
    flags: number('f'),
    size: number('s'),
    cas: flags.get('c') ?? '0',
    idleSeconds: number('l'),
    ...(data && { data }),
  };
}

/** Slab class of an item, by `me`; undefined where the server does not tell. */
export async function readSlab(
  link: MemcachedLink,
  key: Buffer,
  call: CallOptions,
): Promise<number | undefined> {
  try {
    const told = /\bcls=(\d+)/.exec(await link.send(metaDebug(key), wordParser, call));
    return told ? Number(told[1]) : undefined;
  } catch (thrown) {
    if (toEngineError(thrown).code === 'NOT_SUPPORTED') return undefined;
    throw thrown;
  }
}

/** An item as the engine describes keys. */
export function factsOf(item: Item, slab?: number): KeyFacts {
  return {
    type: 'item',
    typeName: 'item',
    length: item.size,
    flags: item.flags,
    cas: item.cas,
    idleSeconds: item.idleSeconds,
    ...(slab !== undefined && { slab }),
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
  const now = await readItem(link, change.key, call, true);
  if (!now) return conflict({ reason: 'gone' });
  // a CAS may have been read later than the bytes that the edit is based on
  if (now.cas !== change.cas || !now.data?.equals(change.before)) return moved(now);
  const command = metaSet(change.key, change.after, `C${change.cas} F${change.flags} T${ttlOf(now)}`);
  const there = { key: change.key, item: now, expiration: keptOf(now) };
  const reply = await orPutBack(link, command, there, call);
  if (reply.code === 'HD') return { status: 'applied' };
  if (reply.code === 'NF') return conflict({ reason: 'gone' });
  const current = await readItem(link, change.key, call, true);
  return current ? moved(current) : conflict({ reason: 'gone' });
}

/** Expiration that `item.set` writes: the one the item has. */
export function keptExpiration(serverNow: number): (item: Item) => number {
  return (item) => keepExpiration(item.ttl, serverNow);
}

function moved(item: Item): ApplyOutcome {
  return conflict({ reason: 'changed', ...(item.data && { current: item.data }), cas: item.cas });
}

/** A conflict as the outcome of a change. */
export function conflict(detail: Conflict): ApplyOutcome {
  return { status: 'conflict', conflict: detail };
}
