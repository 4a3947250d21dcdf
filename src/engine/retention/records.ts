import type { Dataset } from './dataset';

/** A record of a dataset as its feature keeps it; what it says is the feature's own, as JSON. */
export interface NewRecord {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly connectionId?: string;
  readonly content: object;
}

/** A kept record. `seq` orders records whatever the clock did. */
export interface StoredRecord extends NewRecord {
  readonly seq: number;
}

/** Datasets kept as such records. */
export type RecordDataset = Exclude<Dataset, 'timelineEvents'>;

/** What to list: newest first, before `beforeSeq` when given. */
export interface RecordQuery {
  readonly beforeSeq?: number;
  readonly connectionId?: string;
  readonly limit: number;
}

/** Keeps the records of a dataset durably; retention takes the old ones. */
export interface RecordStore {
  /** Resolves when the records survive a crash. An id that is there already is refused, and all with it. */
  append(dataset: RecordDataset, records: readonly NewRecord[]): Promise<void>;
  list(dataset: RecordDataset, query: RecordQuery): Promise<StoredRecord[]>;
  get(dataset: RecordDataset, id: string): Promise<StoredRecord | undefined>;
  remove(dataset: RecordDataset, id: string): Promise<void>;
}
