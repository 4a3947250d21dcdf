/** A file of the store. */
export interface StorageFile {
  readonly name: string;
  readonly bytes: number;
  /** When it was written, milliseconds since the epoch. */
  readonly at: number;
}

/** Where the store stands, for people. */
export interface StorageStatus {
  readonly folder: string;
  readonly owner: {
    readonly isThisWindow: boolean;
    readonly pid: number;
    readonly host: string;
    /** When it became the owner. */
    readonly since: number;
    /** Windows that work with it now. */
    readonly windows: number;
  };
  /** Rises with each change of owner. */
  readonly epoch: number;
  readonly schemaVersion: number;
  /** Why nothing can be saved at the moment; undefined when all is well. */
  readonly readOnlyBecause?: string;
  /** Why the last change was not saved, if it was not; the next one is tried all the same. */
  readonly saveFailure?: string;
  /** Bytes in journals since the newest snapshot, and all files by kind, newest first. */
  readonly journalBytes: number;
  readonly snapshots: readonly StorageFile[];
  readonly backups: readonly StorageFile[];
  /** What could not be read at some start and was kept aside. */
  readonly setAside: readonly StorageFile[];
  /** All bytes of the folder, payload files included. */
  readonly totalBytes: number;
  /** Sentences about the last opening, in numbers; empty when nothing was lost. */
  readonly damage: readonly StorageDamage[];
}

/** A loss at the last opening. */
export interface StorageDamage {
  readonly kind:
    | 'damagedSnapshots'
    | 'cutJournals'
    | 'cutBytes'
    | 'missingBytes'
    | 'missingJournals'
    | 'missingChanges'
    | 'failedTransactions';
  readonly count: number;
}

/** What a check of the store found. */
export interface VerifyReport {
  readonly isSound: boolean;
  /** What SQLite's own integrity check says; `ok`, or its complaints. */
  readonly integrity: readonly string[];
  /** The files loaded into a scratch copy, beside the database in use: rows by table, and whether their contents agree. */
  readonly tables: readonly {
    readonly table: string;
    readonly rows: number;
    readonly replayedRows: number;
    readonly agrees: boolean;
  }[];
  readonly damage: readonly StorageDamage[];
  readonly payloads: {
    readonly checked: number;
    readonly missing: number;
    readonly damaged: number;
    /** Their key is not held here, so only their size could be checked. */
    readonly withoutKey: number;
  };
  readonly durationMs: number;
}

/** Acts on the store that a person asks for. */
export interface Storage {
  status(): Promise<StorageStatus>;
  /** Writes a whole copy beside the database; the newest five are kept. */
  backUp(): Promise<StorageFile>;
  verify(): Promise<VerifyReport>;
}
