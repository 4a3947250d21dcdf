import type { Lease } from '../kernel/leases';
import type { Dataset, DatasetUsage } from './dataset';
import type { RetentionPolicy } from './policy';
import type { RetentionRound } from './round';

/** Records that may go: those up to a `seq`, so that none that come later are among them. Held ones never are. */
export interface RecordRange {
  readonly dataset: Dataset;
  readonly throughSeq: number;
  /** Only records before this time, milliseconds since the epoch. */
  readonly before?: number;
}

/** The next records of a range to go, oldest first. */
export interface Batch {
  readonly rows: number;
  /** They lie behind the `seq` that was asked for, and up to this one. */
  readonly throughSeq: number;
  /** Nothing of the range lies behind. */
  readonly isLast: boolean;
}

/** What all takes, beside what each dataset takes. */
export interface Usage {
  readonly datasets: readonly DatasetUsage[];
  /** Bytes of all tables of the database. */
  readonly databaseBytes: number;
  readonly payloadBytes: number;
}

/** The records as retention sees them. */
export interface RetentionStore {
  usage(): Promise<Usage>;
  policies(): Promise<Readonly<Record<Dataset, RetentionPolicy>>>;
  setPolicy(dataset: Dataset, policy: RetentionPolicy): Promise<void>;
  /** Newest `seq` of the records of a dataset without its newest `kept` ones; 0 when there are none. */
  lastSeq(dataset: Dataset, kept: number): Promise<number>;
  /** A bound for `seq`: records before this time are not behind it. At most the newest `seq`. */
  seqBound(dataset: Dataset, before: number): Promise<number>;
  /** Finds at most `limit` records behind `afterSeq`. It may find none and not be the last. */
  next(range: RecordRange, afterSeq: number, limit: number): Promise<Batch>;
  /** Deletes the records of a batch, except any that came to be held; rejects when the lease was lost. */
  remove(range: RecordRange, afterSeq: number, batch: Batch, lease?: Lease): Promise<void>;
  /** Deletes what says of payloads that no record refers to that they are there. */
  removeUnreferencedPayloads(lease?: Lease): Promise<void>;
  /** Deletes roll-ups that end before these times, and lead to no record. */
  removeRollUps(before: { readonly minutes: number; readonly hours: number }, lease: Lease): Promise<void>;
  /** What the last round left; undefined before the first. */
  lastRound(): Promise<RetentionRound | undefined>;
  saveRound(round: RetentionRound, lease: Lease): Promise<void>;
}
