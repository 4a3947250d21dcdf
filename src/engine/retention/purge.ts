import type { Dataset } from './dataset';

/** What a person asks to be purged. */
export interface PurgeRequest {
  readonly datasets: readonly Dataset[];
  /** Records before this time go, milliseconds since the epoch. */
  readonly before: number;
}

/** What a purge would take from one dataset and leave of it. */
export interface PurgeImpact {
  readonly dataset: Dataset;
  readonly rows: number;
  /** Bytes of those records in the database, and of payload files that nothing refers to afterwards. */
  readonly databaseBytes: number;
  readonly payloadBytes: number;
  /** Records old enough to go that a pin, a run or an incident holds. */
  readonly heldRows: number;
  readonly oldestLeftAt?: number;
  readonly newestLeftAt?: number;
}

/** A purge worked out but not done. `token` binds it: what it names goes, whatever arrives meanwhile. */
export interface PurgePreview {
  readonly token: string;
  readonly madeAt: number;
  readonly request: PurgeRequest;
  readonly impacts: readonly PurgeImpact[];
  /** What can no longer be done afterwards; each a fact for a sentence. */
  readonly losses: readonly PurgeLoss[];
}

/** Something that becomes impossible, and for how many records. */
export interface PurgeLoss {
  readonly kind: 'rollback' | 'compare' | 'timeline' | 'alertHistory' | 'runHistory' | 'bundle' | 'trend';
  readonly count: number;
  /** For time spans: they can be looked at only from here on. */
  readonly from?: number;
}

/** How far a purge has come; also its result, where `remainingRows` 0 is success. */
export interface PurgeProgress {
  readonly doneRows: number;
  readonly remainingRows: number;
  readonly freedBytes: number;
  /** Why it stopped with records remaining; it may be asked for again with the same token. */
  readonly stopped?: 'cancelled' | 'failed';
  readonly message?: string;
}

/** Ports of the purge as the rim uses it. */
export interface Purges {
  preview(request: PurgeRequest): Promise<PurgePreview>;
  /** Rejects with `stale` when the token is unknown or older than 15 minutes. Partial failure resolves, with `stopped`. */
  run(
    token: string,
    onProgress: (progress: PurgeProgress) => void,
    signal: AbortSignal,
  ): Promise<PurgeProgress>;
}
