import type { ErrorCode } from './errors';

/** Where a connection stands; shown as word and colour everywhere. */
export type Environment = 'dev' | 'staging' | 'prod';

/** One thing that happened to a server or to the product itself. Holds no value and no secret. */
export interface HistoryEvent {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  /** `app`: done by the person through the product; `engine`: read from the server. */
  readonly source: 'app' | 'engine';
  readonly connectionId?: string;
  readonly namespace?: string;
  readonly environment?: Environment;
  /** Noun and verb, e.g. `key.delete`. */
  readonly action: string;
  /** A key label, a pattern, or a sentence about what was touched. */
  readonly keyOrPattern?: string;
  readonly durationMs: number;
  readonly status: 'success' | 'error' | 'blocked' | 'unknown';
  readonly errorCode?: ErrorCode;
  readonly retryable?: boolean;
  readonly attempts: number;
  readonly correlationId: string;
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}

/** A recorded event with the store's own counter, which orders events whatever the clock does. */
export interface StoredHistoryEvent extends HistoryEvent {
  readonly seq: number;
}

/**
 * What to list: newest first, before `beforeSeq` when given (the next page: before the last one listed). The limit
 * counts events that match; fewer than it means that there are no more.
 */
export interface HistoryQuery {
  readonly beforeSeq?: number;
  readonly limit: number;
  readonly connectionId?: string;
  readonly status?: HistoryEvent['status'];
  /** Time of the event, milliseconds since the epoch, both ends included. */
  readonly from?: number;
  readonly to?: number;
  /** Part of the action, in any case. */
  readonly action?: string;
}

/** Keeps events durably. `append` resolves when the events survive a crash. */
export interface HistoryStore {
  append(events: readonly HistoryEvent[]): Promise<void>;
  list(query: HistoryQuery): Promise<StoredHistoryEvent[]>;
}
