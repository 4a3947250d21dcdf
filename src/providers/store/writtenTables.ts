import type { ReceivedGroup } from './commitGroups';

const written =
  /^\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM)\s+(\w+)/i;

/** Texts of the product's own statements, which are few. */
const tableBySql = new Map<string, string>();

/** Names of the tables that statements write to; what triggers and references do is not followed. */
export function writtenTables(groups: readonly ReceivedGroup[]): string[] {
  const tables = new Set<string>();
  for (const { transactions } of groups) {
    for (const { statements } of transactions) for (const { sql } of statements) tables.add(tableOf(sql));
  }
  tables.delete('');
  return [...tables];
}

function tableOf(sql: string): string {
  const known = tableBySql.get(sql);
  if (known !== undefined) return known;
  const table = written.exec(sql)?.[1] ?? '';
  if (tableBySql.size < 1000) tableBySql.set(sql, table);
  return table;
}
