import type { SentError } from '../../engine/kernel/sentError';
import type { OwnerFacts } from './ownerFile';
import type { SentLogLine } from './sentLog';

/** What the worker is started with. */
export interface WorkerOptions {
  readonly folder: string;
  readonly wasmPath: string;
  /** Names the client over restarts of its worker. */
  readonly clientId: string;
  /** `candidate`: wants to own the store. `reader`: shows it to its own window alone, without writing. */
  readonly mode: 'candidate' | 'reader';
}

/** What a window tells its worker. */
export interface HostRequest {
  /** Frees the store and ends. */
  readonly kind: 'stop';
}

/** What a worker tells its window. */
export type HostMessage =
  | SentLogLine
  /** The store is open and answers at this address. */
  | { readonly kind: 'serving'; readonly facts: OwnerFacts }
  /** It is not open any more; `error` tells why it could not be opened. The worker ends. */
  | {
      readonly kind: 'ended';
      readonly why: 'stopped' | 'lost' | 'yielded' | 'failed';
      readonly error?: SentError;
    };
