/** A row of a table in a text document: the first cell to the left, the others to the right. */
export type Row = readonly string[];

/** Rows under each other, the columns as wide as their longest cell. */
export function tableLines(rows: readonly Row[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** Facts under each other, the names as wide as the longest. */
export function factLines(facts: readonly (readonly [name: string, fact: string])[]): string[] {
  const width = Math.max(0, ...facts.map(([name]) => name.length));
  return facts.map(([name, fact]) => `${name.padEnd(width)}  ${fact}`);
}

/** A part under its title; nothing when it has no lines. */
export function part(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, '-'.repeat(title.length), ...lines, ''];
}
