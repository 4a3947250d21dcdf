import type { SqlValue, Statement } from './statement';

/** What the roll-ups say of a history event. */
export interface CountedEvent {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Empty for none. */
  readonly connection: string;
  readonly status: string;
  /** Whole microseconds. */
  readonly us: number;
}

const form = /^INSERT INTO history_events \(([\w, ]+)\)\s+VALUES \(([^()]+)\)$/;

/** Which parameter is which column; undefined for a column that is not given. */
interface Columns {
  readonly at: number | undefined;
  readonly connection: number | undefined;
  readonly status: number | undefined;
  readonly durationMs: number | undefined;
}

/** Columns of the events that are inserted by a text; the product has few. */
const columnsBySql = new Map<string, Columns | undefined>();
const rememberedTexts = 64;

/** Whether a statement adds to the history. */
export function isAppend({ sql }: Statement): boolean {
  return sql.startsWith('INSERT INTO history_events');
}

/** What an appending statement adds to the roll-ups; undefined when only the database can tell. */
export function countedEvent({ sql, params }: Statement): CountedEvent | undefined {
  const columns = columnsOf(sql);
  if (!columns) return undefined;
  const valueOf = (param: number | undefined): SqlValue | undefined =>
    param === undefined ? null : params[param];
  const at = valueOf(columns.at);
  const connection = valueOf(columns.connection);
  const status = valueOf(columns.status);
  const durationMs = valueOf(columns.durationMs);
  if (typeof at !== 'number' || !Number.isSafeInteger(at)) return undefined;
  if (typeof status !== 'string' || typeof durationMs !== 'number') return undefined;
  if (connection !== null && typeof connection !== 'string') return undefined;
  return { at, connection: connection ?? '', status, us: microseconds(durationMs) };
}

/** As SQLite rounds, and bounded as the schema bounds it. */
function microseconds(ms: number): number {
  return Math.floor(Math.min(Math.max(ms, 0), 1e9) * 1000 + 0.5);
}

function columnsOf(sql: string): Columns | undefined {
  if (columnsBySql.has(sql)) return columnsBySql.get(sql);
  if (columnsBySql.size >= rememberedTexts) columnsBySql.clear();
  const columns = parseColumns(sql);
  columnsBySql.set(sql, columns);
  return columns;
}

function parseColumns(sql: string): Columns | undefined {
  const [, list, valueList] = form.exec(sql) ?? [];
  if (list === undefined || valueList === undefined) return undefined;
  const inserted = list.split(',').map((name) => name.trim());
  const values = valueList.split(',').map((value) => value.trim());
  if (values.length !== inserted.length || inserted.includes('seq')) return undefined;
  if (!values.every((value) => /^(\?|'[^']*'|[\d.]+)$/.test(value))) return undefined;
  const isFixed = (name: string): boolean =>
    inserted.includes(name) && values[inserted.indexOf(name)] !== '?';
  if (['timestamp', 'connection_id', 'status', 'duration_ms'].some(isFixed)) return undefined;
  const paramOf = (name: string): number | undefined => {
    const column = inserted.indexOf(name);
    return column < 0 ? undefined : values.slice(0, column).filter((value) => value === '?').length;
  };
  return {
    at: paramOf('timestamp'),
    connection: paramOf('connection_id'),
    status: paramOf('status'),
    durationMs: paramOf('duration_ms'),
  };
}
