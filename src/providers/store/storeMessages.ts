import type { SentError } from '../../engine/kernel/sentError';
import type { StorageFile, VerifyReport } from '../../engine/retention/storage';
import type { SqlValue } from './statement';
import type { StoreStatus } from './storeStatus';

/** A question to the store; `number` comes back with its answer. */
export type StoreQuestion =
  | {
      readonly number: number;
      readonly kind: 'read';
      /** Of a question that both sides know. */
      readonly name: string;
      readonly params: readonly SqlValue[];
    }
  | { readonly number: number; readonly kind: 'status' }
  | { readonly number: number; readonly kind: 'upkeep'; readonly act: UpkeepAct };

/** Work on the files and on the database as a whole, by name, and what each gives. */
export interface UpkeepResults {
  readonly tableBytes: ReadonlyMap<string, number>;
  readonly shrink: { readonly before: number; readonly after: number };
  readonly backUp: StorageFile;
  readonly verify: Omit<VerifyReport, 'payloads'>;
}

export type UpkeepAct = keyof UpkeepResults;

/** Transactions to apply: a journal record, and a number for each in it. */
export interface StoreWrites {
  readonly kind: 'writes';
  readonly numbers: readonly number[];
  readonly record: Uint8Array;
  /** They free room: on a full disk they may use the reserve. */
  readonly frees?: boolean;
}

/** Everything a client says. */
export type StoreRequest = StoreQuestion | StoreWrites;

/** What requests came to. */
export type StoreReply =
  | { readonly kind: 'saved'; readonly numbers: readonly number[] }
  | {
      readonly number: number;
      readonly kind: 'rows';
      readonly rows: SqlValue[][];
      readonly version: StoreVersion;
    }
  | { readonly number: number; readonly kind: 'status'; readonly status: StoreStatus }
  | { readonly number: number; readonly kind: 'upkept'; readonly result: UpkeepResults[UpkeepAct] }
  | { readonly number: number; readonly kind: 'error'; readonly error: SentError };

/** The state of the store an answer or a notice speaks of: commits of one owner, counted; owners by their epoch. */
export interface StoreVersion {
  readonly epoch: number;
  readonly commit: number;
}

/** Rows were written: by which client's request does not show, but whether by the one that is told. */
export interface StoreChange {
  readonly kind: 'changed';
  readonly tables: readonly string[];
  readonly version: StoreVersion;
  /** The client that is told wrote all of it itself. */
  readonly isOwn: boolean;
}

/** Everything the owner says to a client that was let in. */
export type StoreMessage =
  { readonly kind: 'replies'; readonly replies: readonly StoreReply[] } | StoreChange;
