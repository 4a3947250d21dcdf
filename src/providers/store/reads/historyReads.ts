import type { HistoryEvent } from '../../../engine/kernel/history';
import { type Read, readsOf } from './read';

/** Columns of `history_events` beside `seq`, by the field of the event each holds. */
export const historyColumnByField = {
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

const columns = Object.values(historyColumnByField).join(', ');

/** Questions about the history. */
export const historyReads = readsOf('history', {
  lastSeq: 'SELECT max(seq) FROM history_events',
  lastSeqBefore: 'SELECT max(seq) FROM history_events WHERE seq < ?',
  seqsOfHours: 'SELECT min(first_seq), max(last_seq) FROM history_hours WHERE bucket BETWEEN ? AND ?',
  forward: `SELECT seq, ${columns} FROM history_events WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?`,
  // Found by leaping from one to the next in the index. No more than the limit.
  matchingActions: `WITH RECURSIVE each_action (name) AS (
      SELECT min(action) FROM history_events
      UNION ALL
      SELECT (SELECT min(action) FROM history_events WHERE action > name) FROM each_action WHERE name IS NOT NULL
    )
    SELECT name FROM each_action WHERE instr(lower(name), ?) > 0 LIMIT ?`,
});

/** Conditions of a page of history, each with one value. */
const conditions = {
  connection: 'connection_id = ?',
  success: 'status = ?',
  // Said again as a constant, because SQLite uses a partial index only when the query repeats its condition.
  otherStatus: "status = ? AND status <> 'success'",
  from: 'timestamp >= ?',
  to: 'timestamp <= ?',
  actionIs: 'action = ?',
  actionHolds: 'instr(lower(action), ?) > 0',
} as const;

/** A condition that a page of history can have. */
export type HistoryCondition = keyof typeof conditions;

/** Of each row a page has one condition at most, in this order. */
const choices: readonly (readonly HistoryCondition[])[] = [
  ['connection'],
  ['success', 'otherStatus'],
  ['from'],
  ['to'],
  ['actionIs', 'actionHolds'],
];

/** Pages of history, newest first, with each combination of conditions. */
export const historyPages: readonly Read[] = choices
  .reduce<HistoryCondition[][]>(
    (chosen, more) => chosen.flatMap((before) => [before, ...more.map((one) => [...before, one])]),
    [[]],
  )
  .map((chosen) => ({ name: pageName(chosen), sql: pageSql(chosen) }));

const pagesByName = new Map(historyPages.map((read) => [read.name, read]));

/** The page with these conditions, in the order of `HistoryCondition`; its values: two seqs, theirs, the limit. */
export function historyPage(chosen: readonly HistoryCondition[]): Read {
  const page = pagesByName.get(pageName(chosen));
  if (!page) throw new Error(`There is no page of history with ${chosen.join(', ')}`);
  return page;
}

function pageName(chosen: readonly HistoryCondition[]): string {
  return ['history.page', ...chosen].join(' ');
}

function pageSql(chosen: readonly HistoryCondition[]): string {
  const where = ['seq > ? AND seq < ?', ...chosen.map((each) => conditions[each])].join(' AND ');
  return `SELECT seq, ${columns} FROM history_events WHERE ${where} ORDER BY seq DESC LIMIT ?`;
}
