import type { Moment } from '../kernel/moment';
import type { TtlChange } from './ttlChange';
import type { ValueType } from './valuePage';

/**
 * A piece of a value, small enough to hold. The pieces of one value come in order and are of one type; a stream ends
 * with its state and what its groups have not acknowledged. `dump` is a value as the server itself serialises it,
 * for types nobody else can read.
 */
export type ValuePart =
  | { readonly kind: 'string' | 'json'; readonly bytes: Buffer }
  /** `seal`: of the whole, with the last piece, where a file has one. */
  | { readonly kind: 'dump'; readonly bytes: Buffer; readonly seal?: string }
  | { readonly kind: 'item'; readonly bytes: Buffer; readonly flags: number }
  | { readonly kind: 'hash'; readonly entries: readonly HashPartEntry[] }
  | { readonly kind: 'list' | 'set'; readonly elements: readonly Buffer[] }
  /** Scores are the server's text of a double. */
  | { readonly kind: 'zset'; readonly members: readonly (readonly [Buffer, string])[] }
  | { readonly kind: 'stream'; readonly entries: readonly StreamPartEntry[] }
  | { readonly kind: 'streamState'; readonly state: StreamState }
  | { readonly kind: 'pending'; readonly group: Buffer; readonly entries: readonly PendingPartEntry[] };

export interface HashPartEntry {
  readonly field: Buffer;
  readonly value: Buffer;
  /** When the field alone expires; undefined: with the key. */
  readonly expireAtMs?: Moment;
}

export interface StreamPartEntry {
  readonly id: string;
  readonly fields: readonly (readonly [Buffer, Buffer])[];
}

/** What a stream knows beside its entries. */
export interface StreamState {
  /** Id that the next entry must be above. */
  readonly lastId: string;
  /** Entries ever added, and the highest id deleted: Redis 7 and later. */
  readonly entriesAdded?: number;
  readonly maxDeletedId?: string;
  readonly groups: readonly StreamStateGroup[];
}

export interface StreamStateGroup {
  readonly name: Buffer;
  readonly lastId: string;
  /** Entries the group has read: Redis 7 and later, and only while the server can tell. */
  readonly entriesRead?: number;
  readonly consumers: readonly Buffer[];
}

/** An entry that a consumer was given and has not acknowledged. */
export interface PendingPartEntry {
  readonly id: string;
  readonly consumer: Buffer;
  readonly deliveredAtMs: number;
  readonly deliveries: number;
}

/** How a loaded value takes its place. */
export interface LoadOptions {
  /** `keep`: the time to live of what is replaced. */
  readonly ttl: TtlChange;
  /** False: a key that exists is a conflict. */
  readonly replace: boolean;
  /** What is replaced must still be this, as far as the server can tell, else it is a conflict. */
  readonly seen?: SeenValue;
}

/** What was told of a value that is about to be replaced. */
export interface SeenValue {
  readonly type: ValueType;
  readonly length?: number;
  readonly cas?: string;
}

/** A value as the server serialises it, and when its key expires. */
export interface KeyDump {
  readonly payload: Buffer;
  readonly expireAtMs?: Moment;
}
