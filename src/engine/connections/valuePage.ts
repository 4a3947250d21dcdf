import type { Moment } from '../kernel/moment';

/** Type of a value. `other` is a module type unknown to us, named by `KeyFacts.typeName`. */
export type ValueType = 'string' | 'hash' | 'list' | 'set' | 'zset' | 'stream' | 'json' | 'item' | 'other';

/** What is known of a key without reading its value. */
export interface KeyFacts {
  readonly type: ValueType;
  /** The server's own name of the type. */
  readonly typeName: string;
  /** Milliseconds left to live; undefined when the key does not expire. */
  readonly ttlMs?: number;
  /** When it expires, by the server itself: Redis 7 and later. */
  readonly expireAtMs?: Moment;
  /** The server may keep more with the value than we read: only what it serialises itself is the whole. */
  readonly isOpaque?: boolean;
  /** Why it cannot be told whether the key expires: `ttlMs` then says nothing. */
  readonly hiddenTtl?: string;
  /** Bytes (string, item) or elements (the rest). */
  readonly length?: number;
  /** Bytes in memory as the server counts them, when it was asked. */
  readonly memoryBytes?: number;
  readonly encoding?: string;
  /** Memcached client flags. */
  readonly flags?: number;
  /** Memcached CAS unique: a 64-bit number as text. */
  readonly cas?: string;
  /** Memcached slab class: which size of chunk holds the item. */
  readonly slab?: number;
  /** Seconds since the last access. */
  readonly idleSeconds?: number;
}

/**
 * One cell of a value: its first bytes, and how many there are. What names an element (a field, a member) comes
 * whole, whatever the limit: an edit must name exactly one.
 */
export interface Cell {
  readonly bytes: Buffer;
  readonly size: number;
  /** `cellDigest` of the whole, when `bytes` are only its start. */
  readonly digest?: string;
}

/** A page of a value. `cursor` continues after it; undefined at the end. Each kind is what its type needs. */
export type ValuePage = { readonly cursor?: string } & (
  | { readonly kind: 'bytes'; readonly offset: number; readonly total: number; readonly bytes: Buffer }
  | {
      readonly kind: 'hash';
      readonly total: number;
      readonly rows: readonly { field: Cell; value: Cell; expireAtMs?: Moment }[];
      /** Why it cannot be told which fields expire. */
      readonly hiddenTtls?: string;
    }
  | {
      readonly kind: 'list';
      readonly total: number;
      readonly rows: readonly { index: number; value: Cell }[];
    }
  | { readonly kind: 'set'; readonly total: number; readonly rows: readonly { member: Cell }[] }
  | {
      readonly kind: 'zset';
      readonly total: number;
      readonly rows: readonly { member: Cell; score: string }[];
    }
  | {
      readonly kind: 'stream';
      readonly total: number;
      readonly groups: readonly StreamGroup[];
      readonly rows: readonly { id: string; fields: readonly { name: Cell; value: Cell }[] }[];
    }
  | { readonly kind: 'json'; readonly total: number; readonly text: Buffer; readonly truncated: boolean }
  | {
      readonly kind: 'other';
      readonly typeName: string;
      readonly memoryBytes?: number;
      readonly note: string;
      /** What the module tells of the value, without its content. */
      readonly facts?: readonly ValueFact[];
    }
);

/** Something a server tells of a value, as text of bounded length. */
export interface ValueFact {
  readonly name: string;
  readonly value: string;
}

export interface StreamGroup {
  /** As the server has it. */
  readonly name: Buffer;
  readonly consumers: number;
  readonly pending: number;
  readonly lastDeliveredId: string;
  /** Entries not yet delivered; undefined when the server cannot tell. */
  readonly lag?: number;
}

/** A consumer of a group. */
export interface StreamConsumer {
  readonly name: Buffer;
  readonly pending: number;
  /** Milliseconds since it last asked for entries. */
  readonly idleMs: number;
}

/** A page of the entries that a group was given and has not acknowledged, oldest id first. */
export interface GroupPage {
  readonly consumers: readonly StreamConsumer[];
  readonly pending: readonly {
    readonly id: string;
    readonly consumer: Buffer;
    /** Milliseconds since it was last delivered. */
    readonly idleMs: number;
    readonly deliveries: number;
  }[];
  readonly cursor?: string;
}

export interface ReadRequest {
  readonly type: ValueType;
  /** From the page before; absent for the first. */
  readonly cursor?: string;
  /** Rows at most; for `bytes`, bytes at most. */
  readonly limit: number;
  /** Longest part of one cell that is returned, bytes. */
  readonly cellLimit: number;
  /** Sorted sets and streams: from the last to the first. Lists, strings and the rest know one order only. */
  readonly descending?: boolean;
}

/** One element within a value, to be read whole. */
export type ElementRef =
  | { readonly kind: 'hash'; readonly field: Buffer }
  | { readonly kind: 'list'; readonly index: number }
  /** The value of the `at`th field of an entry. */
  | { readonly kind: 'stream'; readonly id: string; readonly at: number }
  /** What a path of the JSON module holds, as the text the server gives for it. */
  | { readonly kind: 'json'; readonly path: string };
