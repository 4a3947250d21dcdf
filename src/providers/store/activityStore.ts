import { invalid } from '../../engine/kernel/errors';
import type {
  Activity,
  ActivityBucket,
  ActivityCount,
  ActivityQuery,
  ActivityStore,
} from '../../engine/observability/activity';
import { activityReads, countedStatuses } from './reads/activityReads';
import type { Read } from './reads/read';
import { hourMs, minuteMs } from './schema/foldInto';
import type { SqlValue } from './statement';
import type { StoreAccess } from './storeAccess';

/** The overview of the history from its roll-ups. */
export class StoredActivity implements ActivityStore {
  constructor(private readonly store: StoreAccess) {}

  async overview(query: ActivityQuery): Promise<Activity> {
    const { bucketMs } = query;
    if (!(bucketMs >= minuteMs) || bucketMs % minuteMs !== 0) {
      throw invalid('Activity: a bucket must be whole minutes', { bucketMs });
    }
    const { read, params } = select(query);
    const rows = await this.store.read(read, params);
    return {
      buckets: rows.map((row) => toBucket(row, bucketMs)),
      total: toCount(totalOf(rows)),
    };
  }
}

function select({ from, to, bucketMs, connectionId }: ActivityQuery): { read: Read; params: SqlValue[] } {
  const ofHours = bucketMs % hourMs === 0;
  const width = bucketMs / (ofHours ? hourMs : minuteMs);
  const first = Math.floor(from / bucketMs) * width;
  const last = Math.floor(to / bucketMs) * width + width - 1;
  const { minutes, hours, minutesOfOne, hoursOfOne } = activityReads;
  if (connectionId === undefined) return { read: ofHours ? hours : minutes, params: [width, first, last] };
  return { read: ofHours ? hoursOfOne : minutesOfOne, params: [width, first, last, connectionId] };
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
  const total = [...countedStatuses.map(() => 0), 0, 0, 0];
  for (const [, , ...figures] of rows) {
    figures.forEach((figure, index) => {
      const before = total[index] ?? 0;
      const isMaximum = index === total.length - 1;
      total[index] = isMaximum ? Math.max(before, Number(figure)) : before + Number(figure);
    });
  }
  return total;
}
