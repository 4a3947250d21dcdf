/** One row to be copied; a list of pairs is a part with parts of its own, such as the fields of an entry. */
export type PlainRow = Readonly<Record<string, PlainCell>>;
type PlainCell = string | number | readonly (readonly [string, string])[];

/** Rows as JSON, one array of objects. */
export function rowsAsJson(rows: readonly PlainRow[]): string {
  return JSON.stringify(rows, undefined, 2);
}

/** Rows as CSV with a line of titles (RFC 4180); a cell that a spreadsheet would run as a formula begins with an apostrophe. */
export function rowsAsCsv(rows: readonly PlainRow[]): string {
  const titles = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = rows.map((row) => titles.map((title) => quoted(row[title] ?? '')).join(','));
  return [titles.map(quoted).join(','), ...lines].join('\r\n');
}

function quoted(cell: PlainCell): string {
  const plain = typeof cell === 'object' ? JSON.stringify(cell) : cell;
  const text = typeof plain === 'string' && /^[=+\-@\t\r]/.test(plain) ? `'${plain}` : String(plain);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
