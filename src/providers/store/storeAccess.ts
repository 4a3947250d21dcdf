import type { Read } from './reads/read';
import type { SqlValue, Statement } from './statement';

/** How a transaction is to be treated. */
export interface WriteOptions {
  /** It frees room: on a full disk it may use the room held in reserve for that. */
  readonly frees?: boolean;
}

/** What the stores of the features need: transactions and queries. `StoreClient` is it. */
export interface StoreAccess {
  /**
   * Runs statements as one transaction; resolves when its effect survives a crash. Rejects with `store-refused` (a
   * statement failed, nothing was applied), `store-full`, `store-failed` or `store-stopped`; `details.outcome` tells
   * whether it was applied.
   */
  write(statements: readonly Statement[], options?: WriteOptions): Promise<void>;
  /** Rows of a query, each with its values in the order of the columns. */
  read(read: Read, params?: readonly SqlValue[]): Promise<SqlValue[][]>;
}

/** Work on the database file itself, done by the owner of the store. */
export interface StoreUpkeep {
  /** Bytes of the file by table, with its indexes; `''` stands for pages that no table uses. Sum: size of the file. */
  tableBytes(): Promise<ReadonlyMap<string, number>>;
  /** Gives pages that no table uses back in steps of at most 20 ms, then makes a checkpoint. Bytes before and after. */
  shrink(): Promise<{ readonly before: number; readonly after: number }>;
}
