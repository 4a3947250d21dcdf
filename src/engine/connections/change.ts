import type { EngineError } from '../kernel/errors';
import type { Moment } from '../kernel/moment';
import type { ElementEdits } from './elementEdits';
import type { TtlChange } from './ttlChange';

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
      readonly kind: 'item.set';
      readonly key: Buffer;
      readonly before: Buffer;
      readonly cas: string;
      readonly after: Buffer;
      readonly flags: number;
      readonly ttl: TtlChange;
    }
  /**
   * Edits of elements, all of them or none. With `recreate` the key must not exist and is made anew with this
   * expiry: the undo of an edit that took the last element.
   */
  | {
      readonly kind: 'elements';
      readonly key: Buffer;
      readonly edits: ElementEdits;
      readonly recreate?: { readonly expireAtMs?: Moment };
    }
  /** A path of the JSON module; `before` and `after` are texts of the server's making and the person's. An absent side adds or deletes. */
  | {
      readonly kind: 'json.set';
      readonly key: Buffer;
      readonly path: string;
      readonly before?: Buffer;
      readonly after?: Buffer;
    }
  | { readonly kind: 'stream'; readonly key: Buffer; readonly act: StreamAct }
  /** Writes what DUMP gave, of this server or of another. */
  | {
      readonly kind: 'restore';
      readonly key: Buffer;
      readonly payload: Buffer;
      readonly ttl: TtlChange;
      readonly replace: boolean;
    }
  | {
      readonly kind: 'ttl';
      readonly key: Buffer;
      readonly ttl: TtlChange;
      /** When given, the expiry that must still be set (undefined inside: none), else CONFLICT. */
      readonly before?: { readonly expireAtMs: Moment | undefined };
    }
  | { readonly kind: 'create'; readonly key: Buffer; readonly value: NewValue; readonly ttl: TtlChange }
  | { readonly kind: 'rename'; readonly key: Buffer; readonly to: Buffer; readonly replace: boolean }
  | {
      readonly kind: 'duplicate';
      readonly key: Buffer;
      readonly to: Buffer;
      readonly replace: boolean;
      /** Redis: logical database that is copied to; absent: the same. */
      readonly toDb?: number;
    };

/** What is done to a stream as a whole or to a group of it. */
export type StreamAct =
  /** `id` is `*` or one above the last. */
  | { readonly act: 'add'; readonly id: string; readonly fields: readonly (readonly [Buffer, Buffer])[] }
  | { readonly act: 'delete'; readonly ids: readonly string[] }
  /** Exactly, never about. */
  | { readonly act: 'trim'; readonly to: { readonly maxLength: number } | { readonly minId: string } }
  | { readonly act: 'acknowledge'; readonly group: Buffer; readonly ids: readonly string[] }
  /** Claims only what has been idle for `minIdleMs`. */
  | {
      readonly act: 'claim';
      readonly group: Buffer;
      readonly consumer: Buffer;
      readonly ids: readonly string[];
      readonly minIdleMs: number;
    }
  /** `from` is an id, `$` for what comes from now on, `0` for all. */
  | { readonly act: 'createGroup'; readonly group: Buffer; readonly from: string }
  | { readonly act: 'setGroupId'; readonly group: Buffer; readonly from: string }
  | { readonly act: 'deleteGroup'; readonly group: Buffer }
  | { readonly act: 'deleteConsumer'; readonly group: Buffer; readonly consumer: Buffer };

/** Why a compare-and-set did not write: nothing was changed on the server. */
export interface Conflict {
  readonly reason: 'changed' | 'gone' | 'exists' | 'wrong-type';
  /** What is there now, when it is of the same kind and was read. */
  readonly current?: Buffer;
  /** Memcached CAS unique of `current`. */
  readonly cas?: string;
  /** Which of several edits met it, from 0. */
  readonly edit?: number;
}

/** The write has happened. */
export interface Applied {
  readonly status: 'applied';
  /** Id that the server gave a stream entry. */
  readonly id?: string;
  /** Entries that were deleted, trimmed, acknowledged or claimed, or that a deleted consumer had pending. */
  readonly count?: number;
  /** Of a claim: pending entries that are pending no more, as the stream does not hold them any longer. */
  readonly dropped?: number;
  /** The last element was taken, and the key with it; when it would have expired. */
  readonly emptied?: { readonly expireAtMs?: Moment };
}

/** How a write ended. A write that surely did not happen for another cause rejects with `EngineError` instead. */
export type ApplyOutcome =
  | Applied
  | { readonly status: 'conflict'; readonly conflict: Conflict }
  /** The reply was lost: the write may or may not have happened. */
  | { readonly status: 'unknown'; readonly cause: EngineError };
