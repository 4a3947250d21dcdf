import { createHash } from 'node:crypto';
import type { VerifyReport } from '../../engine/retention/storage';
import type { Sqlite } from './sqlite';
import type { SqlValue } from './statement';

/** Ids of requests, which a checkpoint drops from the database in use without writing that down. */
const leftOut = new Set(['applied_requests', 'applied_runs']);

/** What a table holds, over all columns of all rows. */
export interface TableDigest {
  readonly rows: number;
  readonly hash: string;
}

/** The digest of each table of a database. */
export function digestTables(database: Sqlite): ReadonlyMap<string, TableDigest> {
  return new Map(tablesOf(database).map((table) => [table, digestOf(database, table)]));
}

/** Compares two databases table by table; what one has alone does not agree. */
export function compareTables(
  inUse: ReadonlyMap<string, TableDigest>,
  replayed: ReadonlyMap<string, TableDigest>,
): VerifyReport['tables'] {
  const names = new Set([...inUse.keys(), ...replayed.keys()]);
  return [...names].sort().map((table) => {
    const [one, other] = [inUse.get(table), replayed.get(table)];
    return {
      table,
      rows: one?.rows ?? 0,
      replayedRows: other?.rows ?? 0,
      agrees: one !== undefined && one.hash === other?.hash,
    };
  });
}

function tablesOf(database: Sqlite): string[] {
  const sql =
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
  const names = database.query(sql).map(([name]) => String(name));
  return names.filter((name) => !leftOut.has(name));
}

function digestOf(database: Sqlite, table: string): TableDigest {
  const columns = database.query('SELECT name, pk FROM pragma_table_info(?) ORDER BY pk', [table]);
  const keys = columns.filter(([, pk]) => Number(pk) > 0).map(([name]) => quoted(String(name)));
  const order = keys.length > 0 ? keys.join(', ') : 'rowid';
  const names = columns.map(([name]) => quoted(String(name))).sort();
  const hash = createHash('sha256').update(names.join());
  let rows = 0;
  database.each(`SELECT ${names.join(', ')} FROM ${quoted(table)} ORDER BY ${order}`, [], (row) => {
    hash.update(JSON.stringify(row.map(plain)));
    rows++;
  });
  return { rows, hash: hash.digest('hex') };
}

function plain(value: SqlValue): unknown {
  return value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('base64') } : value;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
