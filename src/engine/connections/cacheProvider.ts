import type { EngineError } from '../kernel/errors';
import type { KeyName } from '../kernel/keyName';
import type { Capabilities, ServerIdentity } from './capabilities';
import type { ConnectionProfile } from './profile';
import type { ConnectionSecrets } from './stores';
import type { WritePermit } from './writePermit';

/** Limits of one call: it settles within `timeoutMs` plus one second, whatever the server does. */
export interface CallOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** What to scan. `match` is a glob of the server's; bytes, because keys are bytes. */
export interface ScanRequest {
  readonly match?: Buffer;
  /** Redis type name; only keys of this type are returned. */
  readonly type?: string;
  /** Where an earlier scan stopped; a 64-bit number as text, never parsed. */
  readonly cursor?: string;
}

export interface ScanBatch {
  readonly keys: readonly KeyName[];
  /** Where to continue after this batch; undefined when the scan is complete. */
  readonly cursor?: string;
  /** Keys the server has looked at for this batch, matching or not. */
  readonly examined: number;
}

/** Type of a value. `other` is a module type unknown to us, named by `KeyFacts.typeName`. */
export type ValueType = 'string' | 'hash' | 'list' | 'set' | 'zset' | 'stream' | 'json' | 'item' | 'other';

/** What is known of a key without reading its value. */
export interface KeyFacts {
  readonly type: ValueType;
  /** The server's own name of the type. */
  readonly typeName: string;
  /** Milliseconds left to live; undefined when the key does not expire. */
  readonly ttlMs?: number;
  /** Bytes (string, item) or elements (the rest). */
  readonly length?: number;
  /** Bytes in memory as the server counts them, when it was asked. */
  readonly memoryBytes?: number;
  readonly encoding?: string;
  /** Memcached client flags. */
  readonly flags?: number;
  /** Memcached CAS unique: a 64-bit number as text. */
  readonly cas?: string;
  /** Seconds since the last access. */
  readonly idleSeconds?: number;
}

/** One cell of a value: its first bytes, and how many there are. */
export interface Cell {
  readonly bytes: Buffer;
  readonly size: number;
}

/** A page of a value. `cursor` continues after it; undefined at the end. Each kind is what its type needs. */
export type ValuePage = { readonly cursor?: string } & (
  | { readonly kind: 'bytes'; readonly offset: number; readonly total: number; readonly bytes: Buffer }
  | {
      readonly kind: 'hash';
      readonly total: number;
      readonly rows: readonly { field: Cell; value: Cell; ttlMs?: number }[];
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
    }
);

export interface StreamGroup {
  readonly name: string;
  readonly consumers: number;
  readonly pending: number;
  readonly lastDeliveredId: string;
}

export interface ReadRequest {
  readonly type: ValueType;
  /** From the page before; absent for the first. */
  readonly cursor?: string;
  /** Rows at most; for `bytes`, bytes at most. */
  readonly limit: number;
  /** Longest part of one cell that is returned, bytes. */
  readonly cellLimit: number;
}

/** One element within a value, to be read whole. */
export type ElementRef = { readonly kind: 'hash'; readonly field: Buffer };

/** What a write does to the time to live. Times are absolute, so that a late or repeated write means the same. */
export type TtlChange =
  | { readonly mode: 'keep' }
  | { readonly mode: 'remove' }
  | { readonly mode: 'set'; readonly expireAtMs: number };

/** First content of a new key. */
export type NewValue =
  | { readonly type: 'string' | 'json'; readonly bytes: Buffer }
  | { readonly type: 'hash'; readonly entries: readonly (readonly [Buffer, Buffer])[] }
  | { readonly type: 'list' | 'set'; readonly elements: readonly Buffer[] }
  | { readonly type: 'zset'; readonly members: readonly (readonly [Buffer, string])[] }
  | { readonly type: 'stream'; readonly fields: readonly (readonly [Buffer, Buffer])[] }
  | { readonly type: 'item'; readonly bytes: Buffer; readonly flags: number };

/** A write as data: what the editor saw, and what it should become. Applied as compare-and-set. */
export type Change =
  | {
      readonly kind: 'string.set';
      readonly key: Buffer;
      readonly before: Buffer;
      readonly after: Buffer;
      readonly ttl: TtlChange;
    }
  | {
      readonly kind: 'hash.set';
      readonly key: Buffer;
      readonly field: Buffer;
      /** Undefined: the field must not exist yet. */
      readonly before: Buffer | undefined;
      readonly after: Buffer;
    }
  | {
      readonly kind: 'item.set';
      readonly key: Buffer;
      readonly before: Buffer;
      readonly cas: string;
      readonly after: Buffer;
      readonly flags: number;
      readonly ttl: TtlChange;
    }
  | { readonly kind: 'ttl'; readonly key: Buffer; readonly ttl: TtlChange }
  | { readonly kind: 'create'; readonly key: Buffer; readonly value: NewValue; readonly ttl: TtlChange }
  | { readonly kind: 'rename'; readonly key: Buffer; readonly to: Buffer; readonly replace: boolean }
  | { readonly kind: 'duplicate'; readonly key: Buffer; readonly to: Buffer; readonly replace: boolean };

/** Why a compare-and-set did not write: nothing was changed on the server. */
export interface Conflict {
  readonly reason: 'changed' | 'gone' | 'exists' | 'wrong-type';
  /** What is there now, when it is of the same kind and was read. */
  readonly current?: Buffer;
  /** Memcached CAS unique of `current`. */
  readonly cas?: string;
}

/** How a write ended. A write that surely did not happen for another cause rejects with `EngineError` instead. */
export type ApplyOutcome =
  | { readonly status: 'applied' }
  | { readonly status: 'conflict'; readonly conflict: Conflict }
  /** The reply was lost: the write may or may not have happened. */
  | { readonly status: 'unknown'; readonly cause: EngineError };

/** What became of one key of a bulk write. */
export type KeyOutcome = 'affected' | 'absent' | 'failed' | 'unknown';

export interface BulkOutcome {
  /** One entry a key, in the order given. */
  readonly outcomes: readonly KeyOutcome[];
  /** The first failure, for the message. */
  readonly error?: EngineError;
}

/** A logical database and how many keys it holds. */
export interface DatabaseInfo {
  readonly db: number;
  readonly keys: number;
}

/** Reading: never changes anything on the server. */
export interface CacheReader {
  readonly capabilities: Capabilities;
  readonly identity: ServerIdentity;
  /** Round trip in milliseconds. */
  ping(call: CallOptions): Promise<number>;
  /** About how many keys there are in the database. */
  countKeys(call: CallOptions): Promise<number>;
  /** Logical databases that hold keys, as far as the server tells; Memcached has one, number 0. */
  databases(call: CallOptions): Promise<readonly DatabaseInfo[]>;
  /** Streams batches of keys; ends when complete or when the consumer stops. A key may come twice. */
  scan(request: ScanRequest, call: CallOptions): AsyncIterable<ScanBatch>;
  /** Undefined when the key does not exist. */
  describe(key: Buffer, call: CallOptions): Promise<KeyFacts | undefined>;
  /** Rejects with CONFLICT `wrong-type` when the key is of another type by now. */
  read(key: Buffer, request: ReadRequest, call: CallOptions): Promise<ValuePage>;
  /** Undefined when the element does not exist. */
  readElement(key: Buffer, element: ElementRef, call: CallOptions): Promise<Buffer | undefined>;
}

/** Writing: every method needs a permit, which only the write gate issues. */
export interface CacheWriter {
  apply(change: Change, permit: WritePermit, call: CallOptions): Promise<ApplyOutcome>;
  /** Whether a change whose reply was lost has happened: undefined when it cannot be told. */
  wasApplied(change: Change, call: CallOptions): Promise<boolean | undefined>;
  remove(keys: readonly Buffer[], permit: WritePermit, call: CallOptions): Promise<BulkOutcome>;
  setTtl(
    keys: readonly Buffer[],
    ttl: TtlChange,
    permit: WritePermit,
    call: CallOptions,
  ): Promise<BulkOutcome>;
}

/** An open session with one server and one logical database. */
export interface CacheProvider extends CacheReader, CacheWriter {
  /** Fires when the link is lost or back; the provider reconnects by itself. */
  onLink(listener: (link: LinkState) => void): { dispose(): unknown };
  close(): Promise<void>;
}

export type LinkState =
  { readonly up: true } | { readonly up: false; readonly cause: EngineError; readonly attempt: number };

/** What a provider needs to open a session. */
export interface OpenRequest {
  readonly profile: ConnectionProfile;
  readonly secrets: ConnectionSecrets;
  readonly db: number;
  /** Asked before each command: a session of a read-only connection refuses all that is not surely a read. */
  readonly isReadOnly: () => boolean;
}

/** Opens sessions; one implementation an engine. Rejects with a distinct `reason` for refused, DNS, TLS, timeout, password. */
export interface CacheProviderFactory {
  open(request: OpenRequest, call: CallOptions): Promise<CacheProvider>;
}
