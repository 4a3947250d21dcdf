import initSqlJs, { type Database, type SqlJsStatic } from 'sql.js';
import { bytesOf, type SqlValue } from './statement';
import { answerTooLarge } from './storeErrors';

/** Prepared statements kept at once; the product has fewer. */
const cachedStatements = 64;

/**
 * Settings of a connection, repeated after each export because sql.js may reset them. The database lives in
 * memory, where durability is the journal's work; an in-memory rollback journal is what makes ROLLBACK possible.
 */
const pragmas = [
  // Takes effect before the first table, and at a VACUUM: pages that rows leave can be given back.
  'PRAGMA auto_vacuum = INCREMENTAL',
  'PRAGMA foreign_keys = ON',
  // What was purged must not stay behind in the pages of what stays.
  'PRAGMA secure_delete = ON',
  'PRAGMA journal_mode = MEMORY',
  'PRAGMA locking_mode = EXCLUSIVE',
  'PRAGMA synchronous = OFF',
  'PRAGMA temp_store = MEMORY',
  'PRAGMA cache_size = -65536',
].join(';');

type Prepared = ReturnType<Database['prepare']>;

/** Opens a database from the bytes of a file, or an empty one. */
export type OpenDatabase = (file?: Uint8Array) => Sqlite;

/** Loads sql.js with the WebAssembly file at `wasmPath`. */
export async function loadSqlite(wasmPath: string): Promise<OpenDatabase> {
  const library: SqlJsStatic = await initSqlJs({
    locateFile: () => wasmPath,
    // What it would print it also throws.
    printErr: () => undefined,
  });
  return (file) => new Sqlite(new library.Database(file));
}

/** One sql.js database with its prepared statements. */
export class Sqlite {
  private readonly prepared = new Map<string, Prepared>();
  private isCommitDue = false;
  private isReadOnly = false;

  constructor(private readonly database: Database) {
    database.exec(pragmas);
  }

  /** Runs one statement; returns how many rows it changed. */
  run(sql: string, params: readonly SqlValue[] = []): number {
    this.setReadOnly(false);
    const statement = this.prepare(sql);
    try {
      statement.run(params as SqlValue[]);
    } catch (thrown) {
      // Left at its failing step, the statement would keep the savepoint around it from being rolled back.
      statement.reset();
      throw thrown;
    }
    return this.database.getRowsModified();
  }

  /**
   * Ends the transaction before the next statement, or by `settle`: nobody who asks can tell the difference, and
   * whoever waits for what is durable already waits no longer.
   */
  commitSoon(): void {
    this.isCommitDue = true;
  }

  /** Ends the transaction that `commitSoon` left open, if one is. */
  settle(): void {
    if (!this.isCommitDue) return;
    this.isCommitDue = false;
    this.run('COMMIT');
  }

  /** Runs SQL to its end, whatever rows it gives on the way: some pragmas work a step a row. */
  exec(sql: string): void {
    this.settle();
    this.setReadOnly(false);
    this.database.exec(sql);
  }

  /** All rows of a query, each with its values in the order of its columns. */
  query(sql: string, params: readonly SqlValue[] = []): SqlValue[][] {
    const rows: SqlValue[][] = [];
    this.each(sql, params, (row) => rows.push(row));
    return rows;
  }

  /** As `query` for somebody else: SQLite itself refuses to change anything, and rows of more than `mostBytes` are refused. */
  queryOnly(sql: string, params: readonly SqlValue[], mostBytes: number): SqlValue[][] {
    this.settle();
    this.setReadOnly(true);
    const rows: SqlValue[][] = [];
    let bytes = 0;
    this.each(sql, params, (row) => {
      bytes += bytesOf(row);
      if (bytes > mostBytes) throw answerTooLarge(mostBytes);
      rows.push(row);
    });
    return rows;
  }

  /** As `query`, a row at a time, for more rows than should be held at once. */
  each(sql: string, params: readonly SqlValue[], onRow: (row: SqlValue[]) => void): void {
    const statement = this.prepare(sql);
    try {
      statement.bind(params as SqlValue[]);
      while (statement.step()) onRow(statement.get());
    } finally {
      statement.reset();
    }
  }

  /** Version of the schema, 0 for an empty database. */
  get version(): number {
    return Number(this.query('PRAGMA user_version')[0]?.[0] ?? 0);
  }

  set version(version: number) {
    this.settle();
    this.setReadOnly(false);
    this.database.exec(`PRAGMA user_version = ${version}`);
  }

  /** The database as the bytes of a file. Never call it inside a transaction: sql.js may then lose the transaction. */
  export(): Uint8Array {
    this.settle();
    this.setReadOnly(false);
    this.forgetStatements();
    const bytes = this.database.export();
    this.database.exec(pragmas);
    return bytes;
  }

  close(): void {
    this.forgetStatements();
    this.database.close();
  }

  /** Said only when it changes: what reads and what writes mostly come in rows. */
  private setReadOnly(isReadOnly: boolean): void {
    if (this.isReadOnly === isReadOnly) return;
    this.database.exec(`PRAGMA query_only = ${isReadOnly ? 'ON' : 'OFF'}`);
    this.isReadOnly = isReadOnly;
  }

  private prepare(sql: string): Prepared {
    this.settle();
    const known = this.prepared.get(sql);
    if (known) return known;
    if (this.prepared.size >= cachedStatements) this.forgetStatements();
    const statement = this.database.prepare(sql);
    this.prepared.set(sql, statement);
    return statement;
  }

  private forgetStatements(): void {
    for (const statement of this.prepared.values()) statement.free();
    this.prepared.clear();
  }
}
