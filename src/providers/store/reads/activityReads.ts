import type { HistoryEvent } from '../../../engine/kernel/history';
import { readsOf } from './read';

/** Statuses in the order in which the overview counts them. */
export const countedStatuses = [
  'success',
  'error',
  'blocked',
  'unknown',
] as const satisfies readonly HistoryEvent['status'][];

/** Counts by status, then all, the sum and the maximum of durations. */
const sums = [
  ...countedStatuses.map((status) => `sum(CASE status WHEN '${status}' THEN count ELSE 0 END)`),
  'sum(count)',
  'sum(sum_us)',
  'max(max_us)',
].join(', ');

/** Questions about the roll-ups of history. */
export const activityReads = readsOf('activity', {
  minutes: overview('history_minutes', ''),
  minutesOfOne: overview('history_minutes', 'AND connection_id = ?'),
  hours: overview('history_hours', ''),
  hoursOfOne: overview('history_hours', 'AND connection_id = ?'),
});

function overview(table: string, filter: string): string {
  return `SELECT bucket / ?, connection_id, ${sums} FROM ${table}
    WHERE bucket BETWEEN ? AND ? ${filter} GROUP BY 1, 2 ORDER BY 1, 2`;
}
