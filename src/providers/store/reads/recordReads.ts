import type { RetentionTable } from '../retentionTables';
import { type Read, readsOf } from './read';

/** Columns of a record beside `seq`. */
export const recordColumns = 'id, at, connection_id, json';

type RecordReads = Readonly<Record<'page' | 'pageOfOne' | 'one', Read>>;

/** Questions about the records of a dataset. */
export function recordReads({ dataset, table }: RetentionTable): RecordReads {
  const select = `SELECT seq, ${recordColumns} FROM ${table} WHERE`;
  return readsOf(`records/${dataset}`, {
    page: `${select} seq < ? ORDER BY seq DESC LIMIT ?`,
    pageOfOne: `${select} seq < ? AND connection_id = ? ORDER BY seq DESC LIMIT ?`,
    one: `${select} id = ?`,
  });
}
