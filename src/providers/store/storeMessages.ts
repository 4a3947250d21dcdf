import type { LogFields } from '../../engine/kernel/ports';
import type { SqlValue } from './statement';
import type { SentError } from './storeErrors';
import type { StoreStatus } from './storeStatus';

/** What the worker is started with. */
export interface WorkerOptions {
  readonly folder: string;
  readonly wasmPath: string;
  /** Names the client over restarts of its worker. */
  readonly clientId: string;
}

/** A question to the store; `number` comes back with its answer. */
export type StoreQuestion =
  | {
      readonly number: number;
      readonly kind: 'read';
      readonly sql: string;
      readonly params: readonly SqlValue[];
    }
  | { readonly number: number; readonly kind: 'status' }
  | { readonly number: number; readonly kind: 'close' };

/** Transactions to apply: a journal record, and a number for each in it. */
export interface StoreWrites {
  readonly kind: 'writes';
  readonly numbers: readonly number[];
  readonly record: Uint8Array;
}

/** Everything a client says. */
export type StoreRequest = StoreQuestion | StoreWrites;

/** What requests came to. */
export type StoreReply =
  | { readonly kind: 'saved'; readonly numbers: readonly number[] }
  | { readonly number: number; readonly kind: 'rows'; readonly rows: SqlValue[][] }
  | { readonly number: number; readonly kind: 'status'; readonly status: StoreStatus }
  | { readonly number: number; readonly kind: 'closed' }
  | { readonly number: number; readonly kind: 'error'; readonly error: SentError };

/** `owner` may write; `reader` sees the store as it was when it was opened. */
export type StoreRole = 'owner' | 'reader';

/** Everything the worker says. */
export type WorkerMessage =
  | { readonly kind: 'replies'; readonly replies: readonly StoreReply[] }
  | { readonly kind: 'role'; readonly role: StoreRole }
  | {
      readonly kind: 'log';
      readonly level: 'debug' | 'info' | 'warn' | 'error';
      readonly message: string;
      readonly fields?: LogFields | undefined;
    }
  /** The worker ends, and this is why. */
  | { readonly kind: 'failed'; readonly error: SentError };
