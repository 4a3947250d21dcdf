import { toError } from '../../engine/kernel/errors';
import type { Log } from '../../engine/kernel/ports';
import type { SqlValue } from './statement';

/** Parses rows on their way out. A row that does not parse is reported once, left out and left where it is. */
export class RowParser {
  private readonly unreadable = new Set<string>();

  constructor(private readonly log: Log) {}

  /** Rows found unreadable so far. */
  get unreadableRows(): number {
    return this.unreadable.size;
  }

  /** Parses each row of `table`; its first column identifies it in the report. */
  parse<T>(table: string, rows: readonly SqlValue[][], parseRow: (row: SqlValue[]) => T): T[] {
    return rows.flatMap((row) => {
      try {
        return [parseRow(row)];
      } catch (thrown) {
        this.report(table, String(row[0]), toError(thrown));
        return [];
      }
    });
  }

  private report(table: string, id: string, error: Error): void {
    const name = `${table}/${id}`;
    if (this.unreadable.has(name)) return;
    this.unreadable.add(name);
    this.log.warn('A stored row cannot be read and is left out', { table, id, error: error.message });
  }
}

/** The object in a JSON column. */
export function parseJson(value: SqlValue | undefined): object {
  const parsed: unknown = JSON.parse(String(value));
  if (typeof parsed !== 'object' || parsed === null) throw new Error('The row holds no object');
  return parsed;
}
