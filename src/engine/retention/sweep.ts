import type { Lease } from '../kernel/leases';
import type { Clock } from '../kernel/ports';
import type { RecordRange, RetentionStore } from './retentionStore';

/** Records deleted at once, at most, and how long a batch may take, milliseconds. */
const largestBatch = 5000;
const batchMs = 20;

/** The first batch: it tells how fast this machine is. */
const firstBatch = 500;
const smallestBatch = 50;

/** What a sweep works with. */
export interface Sweep {
  readonly store: Pick<RetentionStore, 'next' | 'remove'>;
  readonly clock: Clock;
  readonly lease?: Lease;
  /** Ends the sweep after the batch under way. */
  readonly signal: AbortSignal;
  /** Called after each batch with all rows deleted so far; what it waits for, the sweep waits for. */
  readonly onBatch?: (rows: number) => Promise<void> | void;
}

/**
 * Deletes the records of a range, oldest first, at most `limit` of them, in batches small enough that others are
 * served in between. Returns how many went; what went stays gone when a later batch fails.
 */
export async function sweep(
  { store, clock, lease, signal, onBatch }: Sweep,
  range: RecordRange,
  limit = Infinity,
): Promise<number> {
  let rows = 0;
  let afterSeq = 0;
  let size = firstBatch;
  while (rows < limit && afterSeq < range.throughSeq && !signal.aborted) {
    const batch = await store.next(range, afterSeq, Math.min(size, limit - rows));
    if (batch.rows > 0) {
      const started = clock.monotonic();
      await store.remove(range, afterSeq, batch, lease);
      rows += batch.rows;
      size = nextSize(batch.rows, clock.monotonic() - started);
      await onBatch?.(rows);
    }
    if (batch.isLast) break;
    afterSeq = batch.throughSeq;
  }
  return rows;
}

/** As many records as would have taken three quarters of the time, at most twice as many as before. */
function nextSize(rows: number, ms: number): number {
  const fitting = ms <= 0 ? rows * 2 : Math.min(rows * 2, Math.floor((rows * batchMs * 0.75) / ms));
  return Math.max(smallestBatch, Math.min(largestBatch, fitting));
}
