import { invalid } from '../../engine/kernel/errors';
import type { HistoryEvent } from '../../engine/kernel/history';
import type {
  Activity,
  ActivityBucket,
  ActivityCount,
  ActivityQuery,
  ActivityStore,
} from '../../engine/observability/activity';
import { hourMs, minuteMs } from './schema/foldInto';
import type { SqlValue } from './statement';
import type { StoreAccess } from './storeAccess';

const statuses = [
  'success',
  'error',
  'blocked',
  'unknown',
] as const satisfies readonly HistoryEvent['status'][];

/** Counts by status, then all, the sum and the maximum of durations. */
const sums = [
  ...statuses.map((status) => `sum(CASE status WHEN '${status}' THEN count ELSE 0 END)`),
  'sum(count)',
  'sum(sum_us)',
  'max(max_us)',
].join(', ');

/** The overview of the history from its roll-ups. */
export class StoredActivity implements ActivityStore {
  constructor(private readonly store: StoreAccess) {}

  async overview(query: ActivityQuery): Promise<Activity> {
    const { bucketMs } = query;
    if (!(bucketMs >= minuteMs) || bucketMs % minuteMs !== 0) {
      throw invalid('Activity: a bucket must be whole minutes', { bucketMs });
    }
    const { sql, params } = select(query);
    const rows = await this.store.read(sql, params);
    return {
      buckets: rows.map((row) => toBucket(row, bucketMs)),
      total: toCount(totalOf(rows)),
    };
  }
}

function select({ from, to, bucketMs, connectionId }: ActivityQuery): { sql: string; params: SqlValue[] } {
  const ofHours = bucketMs % hourMs === 0;
  const table = ofHours ? 'history_hours' : 'history_minutes';
  const width = bucketMs / (ofHours ? hourMs : minuteMs);
  const first = Math.floor(from / bucketMs) * width;
  const last = Math.floor(to / bucketMs) * width + width - 1;
  const filter = connectionId === undefined ? '' : 'AND connection_id = ?';
  const params = [first, last, ...(connectionId === undefined ? [] : [connectionId])];
  return {
    sql: `SELECT bucket / ${width}, connection_id, ${sums} FROM ${table}
      WHERE bucket BETWEEN ? AND ? ${filter} GROUP BY 1, 2 ORDER BY 1, 2`,
    params,
  };
}

function toBucket([bucket, connectionId, ...figures]: SqlValue[], bucketMs: number): ActivityBucket {
  return {
    at: Number(bucket) * bucketMs,
    ...(connectionId !== '' && { connectionId: String(connectionId) }),
    ...toCount(figures.map(Number)),
  };
}

function toCount(figures: readonly number[]): ActivityCount {
  const [success = 0, error = 0, blocked = 0, unknown = 0, count = 0, sumUs = 0, maxUs = 0] = figures;
  return {
    counts: { success, error, blocked, unknown },
    meanMs: count === 0 ? 0 : sumUs / count / 1000,
    maxMs: maxUs / 1000,
  };
}

function totalOf(rows: readonly SqlValue[][]): number[] {
  const total = [...statuses.map(() => 0), 0, 0, 0];
  for (const [, , ...figures] of rows) {
    figures.forEach((figure, index) => {
      const before = total[index] ?? 0;
      const isMaximum = index === total.length - 1;
      total[index] = isMaximum ? Math.max(before, Number(figure)) : before + Number(figure);
    });
  }
  return total;
}
