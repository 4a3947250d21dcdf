type Plain = Readonly<Record<string, string | number>>;

/** Rows as JSON, one array of objects. */
export function rowsAsJson(rows: readonly Plain[]): string {
  return JSON.stringify(rows, undefined, 2);
}

/** Rows as CSV with a line of titles (RFC 4180); a cell that a spreadsheet would run as a formula begins with an apostrophe. */
export function rowsAsCsv(rows: readonly Plain[]): string {
  const titles = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = rows.map((row) => titles.map((title) => quoted(row[title] ?? '')).join(','));
  return [titles.map(quoted).join(','), ...lines].join('\r\n');
}

function quoted(cell: string | number): string {
  const text = typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
