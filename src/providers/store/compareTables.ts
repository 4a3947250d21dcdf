import { createHash } from 'node:crypto';
import type { VerifyReport } from '../../engine/retention/storage';
import type { Sqlite } from './sqlite';
import type { SqlValue } from './statement';

/** Ids of requests, which a checkpoint drops from the database in use without writing that down. */
const leftOut = new Set(['applied_requests', 'applied_runs']);

/** Rows between two beats. */
const hashedAtOnce = 20_000;

/** Compares two databases table by table, over all columns of all rows; what one has alone does not agree. */
export function compareTables(inUse: Sqlite, replayed: Sqlite, beat?: () => void): VerifyReport['tables'] {
  const names = new Set([...tablesOf(inUse), ...tablesOf(replayed)]);
  return [...names].sort().map((table) => {
    const one = digestOf(inUse, table, beat);
    const other = digestOf(replayed, table, beat);
    return {
      table,
      rows: one?.rows ?? 0,
      replayedRows: other?.rows ?? 0,
      agrees: one?.hash !== undefined && one.hash === other?.hash,
    };
  });
}

function tablesOf(database: Sqlite): string[] {
  const sql =
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
  const names = database.query(sql).map(([name]) => String(name));
  return names.filter((name) => !leftOut.has(name));
}

function digestOf(
  database: Sqlite,
  table: string,
  beat?: () => void,
): { rows: number; hash: string } | undefined {
  const columns = database.query('SELECT name, pk FROM pragma_table_info(?) ORDER BY pk', [table]);
  if (columns.length === 0) return undefined;
  const keys = columns.filter(([, pk]) => Number(pk) > 0).map(([name]) => quoted(String(name)));
  const order = keys.length > 0 ? keys.join(', ') : 'rowid';
  const names = columns.map(([name]) => quoted(String(name))).sort();
  const hash = createHash('sha256').update(names.join());
  let rows = 0;
  database.each(`SELECT ${names.join(', ')} FROM ${quoted(table)} ORDER BY ${order}`, [], (row) => {
    hash.update(JSON.stringify(row.map(plain)));
    if (++rows % hashedAtOnce === 0) beat?.();
  });
  return { rows, hash: hash.digest('hex') };
}

function plain(value: SqlValue): unknown {
  return value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('base64') } : value;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
