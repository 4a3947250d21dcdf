import type {
  HistoryEvent,
  HistoryQuery,
  HistoryStore,
  StoredHistoryEvent,
} from '../../engine/kernel/history';
import { parseStoredHistoryEvent } from '../../engine/kernel/historyEvent';
import { type RowParser, parseJson } from './rowParser';
import type { SqlValue } from './statement';
import type { StoreAccess } from './storeAccess';

/** Columns of `history_events` beside `seq`, by the field of the event each holds. */
const columnByField = {
  id: 'id',
  timestamp: 'timestamp',
  source: 'source',
  connectionId: 'connection_id',
  namespace: 'namespace',
  environment: 'environment',
  action: 'action',
  keyOrPattern: 'key_or_pattern',
  durationMs: 'duration_ms',
  status: 'status',
  errorCode: 'error_code',
  retryable: 'retryable',
  attempts: 'attempts',
  correlationId: 'correlation_id',
  details: 'details',
} as const satisfies Record<keyof HistoryEvent, string>;

const fields = Object.keys(columnByField) as (keyof HistoryEvent)[];
const columns = fields.map((field) => columnByField[field]).join(', ');
const insert = `INSERT INTO history_events (${columns}) VALUES (${fields.map(() => '?').join(', ')})`;

/** History in the store. */
export class StoredHistory implements HistoryStore {
  constructor(
    private readonly client: StoreAccess,
    private readonly rows: RowParser,
  ) {}

  async append(events: readonly HistoryEvent[]): Promise<void> {
    if (events.length === 0) return;
    await this.client.write(events.map((event) => ({ sql: insert, params: toParams(event) })));
  }

  async list(query: HistoryQuery): Promise<StoredHistoryEvent[]> {
    const { sql, params } = select(query);
    const rows = await this.client.read(sql, params);
    return this.rows.parse('history_events', rows, toEvent);
  }
}

function toParams(event: HistoryEvent): SqlValue[] {
  return fields.map((field) => {
    const value = event[field];
    if (value === undefined) return null;
    if (typeof value === 'boolean') return Number(value);
    return typeof value === 'object' ? JSON.stringify(value) : value;
  });
}

function select({ beforeSeq, limit, connectionId, status }: HistoryQuery): {
  sql: string;
  params: SqlValue[];
} {
  const conditions: string[] = [];
  const params: SqlValue[] = [];
  const where = (condition: string, value: SqlValue): void => {
    conditions.push(condition);
    params.push(value);
  };
  if (beforeSeq !== undefined) where('seq < ?', beforeSeq);
  if (connectionId !== undefined) where('connection_id = ?', connectionId);
  if (status !== undefined) where('status = ?', status);
  // Said again as a constant, because SQLite uses a partial index only when the query repeats its condition.
  if (status !== undefined && status !== 'success') conditions.push("status <> 'success'");
  const filter = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  return {
    sql: `SELECT seq, ${columns} FROM history_events ${filter} ORDER BY seq DESC LIMIT ?`,
    params: [...params, limit],
  };
}

function toEvent([seq, ...values]: SqlValue[]): StoredHistoryEvent {
  const event = new Map<string, unknown>([['seq', seq]]);
  fields.forEach((field, index) => {
    const value = values[index];
    if (value !== null && value !== undefined) event.set(field, fromColumn(field, value));
  });
  return parseStoredHistoryEvent(Object.fromEntries(event));
}

function fromColumn(field: keyof HistoryEvent, value: SqlValue): unknown {
  if (field === 'retryable') return value === 1;
  return field === 'details' ? parseJson(value) : value;
}
