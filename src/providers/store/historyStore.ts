import type {
  HistoryEvent,
  HistoryQuery,
  HistoryStore,
  StoredHistoryEvent,
} from '../../engine/kernel/history';
import { parseStoredHistoryEvent } from '../../engine/kernel/historyEvent';
import type { HistoryReader } from '../../engine/retention/exportHistory';
import { type RowParser, parseJson } from './rowParser';
import { hourMs } from './schema/foldInto';
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

/**
 * Actions that hold a text, found by leaping from one to the next in the index. No more than `limit` of them.
 */
const matchingActions = `WITH RECURSIVE each_action (name) AS (
    SELECT min(action) FROM history_events
    UNION ALL
    SELECT (SELECT min(action) FROM history_events WHERE action > name) FROM each_action WHERE name IS NOT NULL
  )
  SELECT name FROM each_action WHERE instr(lower(name), ?) > 0 LIMIT ?`;

/** Up to so many actions are each read from the index; of more, enough events lie close together. */
const readByIndex = 16;

/** Events compared at once when no index helps. */
const walkedAtOnce = 50_000;

/** History in the store. */
export class StoredHistory implements HistoryStore, HistoryReader {
  constructor(
    private readonly client: StoreAccess,
    private readonly rows: RowParser,
  ) {}

  async append(events: readonly HistoryEvent[]): Promise<void> {
    if (events.length === 0) return;
    await this.client.write(events.map((event) => ({ sql: insert, params: toParams(event) })));
  }

  async list(query: HistoryQuery): Promise<StoredHistoryEvent[]> {
    const rows = await this.rowsOf(query, await this.seqsOf(query));
    return this.rows.parse('history_events', rows, toEvent);
  }

  async lastSeq(): Promise<number> {
    const [[seq] = []] = await this.client.read('SELECT max(seq) FROM history_events');
    return Number(seq ?? 0);
  }

  async readForward(afterSeq: number, throughSeq: number, limit: number): Promise<StoredHistoryEvent[]> {
    let after = afterSeq;
    for (;;) {
      const rows = await this.client.read(
        `SELECT seq, ${columns} FROM history_events WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?`,
        [after, throughSeq, limit],
      );
      const events = this.rows.parse('history_events', rows, toEvent);
      // A page of nothing but rows that cannot be read is not the end.
      if (events.length > 0 || rows.length === 0) return events;
      after = Number(rows.at(-1)?.[0]);
    }
  }

  /** The seqs that the query can be about. Hours lead from its times to them, so no index on time is needed. */
  private async seqsOf({ beforeSeq, from, to }: HistoryQuery): Promise<SeqRange> {
    const before = beforeSeq ?? Number.MAX_SAFE_INTEGER;
    if (from === undefined && to === undefined) return { after: 0, before };
    const buckets = [from ?? 0, to ?? Number.MAX_SAFE_INTEGER].map((at) => Math.floor(at / hourMs));
    const [[first, last] = []] = await this.client.read(
      'SELECT min(first_seq), max(last_seq) FROM history_hours WHERE bucket BETWEEN ? AND ?',
      buckets,
    );
    // What jumping clocks put elsewhere only widens the range: every event is compared with the times themselves.
    return { after: Number(first ?? 0) - 1, before: Math.min(before, Number(last ?? 0) + 1) };
  }

  private async rowsOf(query: HistoryQuery, range: SeqRange): Promise<SqlValue[][]> {
    const { action, limit } = query;
    if (action === undefined) return this.select(query, range);
    const found = await this.client.read(matchingActions, [action.toLowerCase(), readByIndex + 1]);
    if (found.length > readByIndex) return this.select(query, range);
    const pages = await Promise.all(
      found.map(async ([name]) => {
        const { sql, params } = select({ ...query, actionIs: String(name) }, range);
        return this.client.read(sql, params);
      }),
    );
    return pages
      .flat()
      .sort(([one], [other]) => Number(other) - Number(one))
      .slice(0, limit);
  }

  /** A condition that no index helps with walks part by part, so that others are served in between. */
  private async select(query: HistoryQuery, { after, before }: SeqRange): Promise<SqlValue[][]> {
    const isWalk = query.action !== undefined;
    const rows: SqlValue[][] = [];
    while (rows.length < query.limit && before > after + 1) {
      const start = isWalk ? await this.partStart(after, before) : after;
      const { sql, params } = select(
        { ...query, limit: query.limit - rows.length },
        { after: start, before },
      );
      rows.push(...(await this.client.read(sql, params)));
      before = start + 1;
    }
    return rows;
  }

  private async partStart(after: number, before: number): Promise<number> {
    const [[newest] = []] = await this.client.read('SELECT max(seq) FROM history_events WHERE seq < ?', [
      before,
    ]);
    return Math.max(after, Number(newest ?? 0) - walkedAtOnce);
  }
}

/** Both ends are outside. */
interface SeqRange {
  readonly after: number;
  readonly before: number;
}

function toParams(event: HistoryEvent): SqlValue[] {
  return fields.map((field) => {
    const value = event[field];
    if (value === undefined) return null;
    if (typeof value === 'boolean') return Number(value);
    return typeof value === 'object' ? JSON.stringify(value) : value;
  });
}

function select(
  { limit, connectionId, status, from, to, action, actionIs }: HistoryQuery & { readonly actionIs?: string },
  { after, before }: SeqRange,
): { sql: string; params: SqlValue[] } {
  const conditions = ['seq > ? AND seq < ?'];
  const params: SqlValue[] = [after, before];
  const where = (condition: string, value: SqlValue): void => {
    conditions.push(condition);
    params.push(value);
  };
  if (connectionId !== undefined) where('connection_id = ?', connectionId);
  if (status !== undefined) where('status = ?', status);
  // Said again as a constant, because SQLite uses a partial index only when the query repeats its condition.
  if (status !== undefined && status !== 'success') conditions.push("status <> 'success'");
  if (from !== undefined) where('timestamp >= ?', from);
  if (to !== undefined) where('timestamp <= ?', to);
  if (actionIs !== undefined) where('action = ?', actionIs);
  else if (action !== undefined) where('instr(lower(action), ?) > 0', action.toLowerCase());
  return {
    sql: `SELECT seq, ${columns} FROM history_events
      WHERE ${conditions.join(' AND ')} ORDER BY seq DESC LIMIT ?`,
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
