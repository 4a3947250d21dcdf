import { type Page, type SqliteFile, localBytes, varint } from './sqliteFile';

/** A table or an index with the page its b-tree begins at. */
export interface SchemaEntry {
  /** The table itself, or the one that the index is of. */
  readonly table: string;
  readonly root: number;
}

/** Columns of `sqlite_schema`: type, name, tbl_name, rootpage, sql. */
const tableColumn = 2;
const rootColumn = 3;

/** The tables and indexes that a leaf of the schema's table names; names of more than 400 bytes may be missed. */
export function schemaEntries(file: SqliteFile, leaf: Page): SchemaEntry[] {
  return leaf.cells.flatMap((cell) => {
    const columns = leadingColumns(file, cell);
    const table = columns[tableColumn];
    const root = columns[rootColumn];
    // Views and triggers have no page.
    return typeof table === 'string' && typeof root === 'number' && root > 0 ? [{ table, root }] : [];
  });
}

/** The columns before the SQL text, which alone may reach into overflow pages. */
function leadingColumns({ bytes, ...file }: SqliteFile, cell: number): (string | number)[] {
  const size = varint(bytes, cell);
  const start = varint(bytes, size.end).end;
  const payload = bytes.subarray(start, start + localBytes({ bytes, ...file }, true, size.value));
  const header = varint(payload, 0);
  const columns: (string | number)[] = [];
  let at = header.end;
  let value = header.value;
  while (at < header.value && columns.length <= rootColumn) {
    const type = varint(payload, at);
    const length = lengthOf(type.value);
    const content = payload.subarray(value, value + length);
    columns.push(type.value >= 13 ? content.toString('utf8') : integer(content, type.value));
    at = type.end;
    value += length;
  }
  return columns;
}

function lengthOf(type: number): number {
  if (type >= 12) return Math.floor((type - 12) / 2);
  return [0, 1, 2, 3, 4, 6, 8, 8][type] ?? 0;
}

function integer(content: Buffer, type: number): number {
  if (type === 9) return 1;
  // No root lies behind 2^48 pages.
  return content.length === 0 || content.length > 6 ? 0 : content.readIntBE(0, content.length);
}
