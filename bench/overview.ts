import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StoredActivity } from '../src/providers/store/activityStore';
import { repositoryRoot } from '../test/helpers/repository';
import { besideAppends, p95Of } from './beside';
import { fillStore, filled, loadSnapshot, openClient } from './filledStore';
import type { Report } from './measure';

const hourMs = 3_600_000;
const budget = { of: 'value', atMost: 20 } as const;

/** The overview of 30 days, ten connections in buckets of six hours, from a store of a million events. */
export async function bench(report: Report): Promise<void> {
  const folder = await mkdtemp(join(repositoryRoot, 'out/bench-overview-'));
  try {
    const { snapshot } = await fillStore(folder);
    const floor = await floorOf(snapshot);
    const client = openClient(folder);
    const activity = new StoredActivity(client);
    const call = async (): Promise<void> => {
      const to = Date.now();
      const { buckets } = await activity.overview({ from: to - filled.spanMs, to, bucketMs: 6 * hourMs });
      if (buckets.length < 1000) throw new Error(`The overview has ${buckets.length} buckets`);
    };
    const value = await p95Of(call);
    report({ metric: '30 days, p95', value, floor, unit: 'ms', budget });
    const beside = await besideAppends(folder, () => p95Of(call));
    report({
      metric: '30 days beside four clients that append, p95',
      value: beside,
      floor,
      unit: 'ms',
      budget,
    });
    await client.close();
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The bare query in this thread. */
async function floorOf(snapshot: string): Promise<number> {
  const database = await loadSnapshot(snapshot);
  const ms = await p95Of(() =>
    database.query(
      'SELECT bucket / 6, connection_id, sum(count), sum(sum_us), max(max_us) FROM history_hours GROUP BY 1, 2',
    ),
  );
  database.close();
  return ms;
}
