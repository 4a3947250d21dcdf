import type { HistoryEvent } from '../kernel/history';

/** What to look at. The range is widened to whole buckets. */
export interface ActivityQuery {
  /** Milliseconds since the epoch, both ends included. */
  readonly from: number;
  readonly to: number;
  /** Width of a bucket, milliseconds: whole minutes, and whole hours for times more than a week ago. */
  readonly bucketMs: number;
  readonly connectionId?: string;
}

/** Operations that were counted together. */
export interface ActivityCount {
  readonly counts: Readonly<Record<HistoryEvent['status'], number>>;
  /** Of all operations, milliseconds. */
  readonly meanMs: number;
  readonly maxMs: number;
}

/** Operations of one connection in one bucket of time. */
export interface ActivityBucket extends ActivityCount {
  /** When the bucket begins, milliseconds since the epoch. */
  readonly at: number;
  /** Missing for what belongs to no connection. */
  readonly connectionId?: string;
}

/** What happened over a time: what was counted, by connection and time, ascending; buckets without any are left out. */
export interface Activity {
  readonly buckets: readonly ActivityBucket[];
  readonly total: ActivityCount;
}

/** Tells of many events without reading them; every event ever recorded counts, purged ones too. */
export interface ActivityStore {
  overview(query: ActivityQuery): Promise<Activity>;
}
