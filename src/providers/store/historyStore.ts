import type {
  HistoryEvent,
  HistoryQuery,
  HistoryStore,
  StoredHistoryEvent,
} from '../../engine/kernel/history';
import { parseStoredHistoryEvent } from '../../engine/kernel/historyEvent';
import type { HistoryReader } from '../../engine/retention/exportHistory';
import { historyColumnByField, historyPage, historyReads, type HistoryCondition } from './reads/historyReads';
import type { Read } from './reads/read';
import { type RowParser, parseJson } from './rowParser';
import { hourMs } from './schema/foldInto';
import type { SqlValue } from './statement';
import type { StoreAccess } from './storeAccess';

const fields = Object.keys(historyColumnByField) as (keyof HistoryEvent)[];
const columns = fields.map((field) => historyColumnByField[field]).join(', ');
const insert = `INSERT INTO history_events (${columns}) VALUES (${fields.map(() => '?').join(', ')})`;

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
    const [[seq] = []] = await this.client.read(historyReads.lastSeq);
    return Number(seq ?? 0);
  }

  async readForward(afterSeq: number, throughSeq: number, limit: number): Promise<StoredHistoryEvent[]> {
    let after = afterSeq;
    for (;;) {
      const rows = await this.client.read(historyReads.forward, [after, throughSeq, limit]);
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
    const [[first, last] = []] = await this.client.read(historyReads.seqsOfHours, buckets);
    // What jumping clocks put elsewhere only widens the range: every event is compared with the times themselves.
    return { after: Number(first ?? 0) - 1, before: Math.min(before, Number(last ?? 0) + 1) };
  }

  private async rowsOf(query: HistoryQuery, range: SeqRange): Promise<SqlValue[][]> {
    const { action, limit } = query;
    if (action === undefined) return this.select(query, range);
    const found = await this.client.read(historyReads.matchingActions, [
      action.toLowerCase(),
      readByIndex + 1,
    ]);
    if (found.length > readByIndex) return this.select(query, range);
    const pages = await Promise.all(
      found.map(async ([name]) => {
        const { page, params } = select({ ...query, actionIs: String(name) }, range);
        return this.client.read(page, params);
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
      const { page, params } = select(
        { ...query, limit: query.limit - rows.length },
        { after: start, before },
      );
      rows.push(...(await this.client.read(page, params)));
      before = start + 1;
    }
    return rows;
  }

  private async partStart(after: number, before: number): Promise<number> {
    const [[newest] = []] = await this.client.read(historyReads.lastSeqBefore, [before]);
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
): { page: Read; params: SqlValue[] } {
  const chosen: HistoryCondition[] = [];
  const params: SqlValue[] = [after, before];
  const where = (condition: HistoryCondition, value: SqlValue | undefined): void => {
    if (value === undefined) return;
    chosen.push(condition);
    params.push(value);
  };
  where('connection', connectionId);
  where(status === 'success' ? 'success' : 'otherStatus', status);
  where('from', from);
  where('to', to);
  if (actionIs !== undefined) where('actionIs', actionIs);
  else where('actionHolds', action?.toLowerCase());
  return { page: historyPage(chosen), params: [...params, limit] };
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
