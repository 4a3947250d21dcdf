import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '../test/helpers/repository';
import { costOf } from './eventLoop';
import { fillStore, openClient } from './filledStore';
import type { Report } from './measure';

const rounds = 3;
const acts = ['shrink', 'tableBytes', 'backUp', 'verify'] as const;

/**
 * What work on a whole store of a million events (above 150 MB) costs: how long the event loop of a window, here the
 * owner's, is kept waiting by it, and how long it takes. `shrink` makes two checkpoints. Beside it, another window
 * appends and reads.
 */
export async function bench(report: Report): Promise<void> {
  const folder = await mkdtemp(join(repositoryRoot, 'out/bench-store-upkeep-'));
  try {
    await fillStore(folder);
    const [owner, other] = [openClient(folder), openClient(folder)];
    await owner.status();
    for (const act of acts) {
      const costs = [];
      for (let round = 0; round < rounds; round++) {
        await other.write([{ sql: 'UPDATE profiles SET json = json', params: [] }]);
        costs.push(await costOf(() => owner.upkeep(act).then(() => undefined)));
      }
      const worst = Math.max(...costs.map(({ loopP99Ms }) => loopP99Ms));
      const longest = Math.max(...costs.map(({ ms }) => ms));
      report({
        metric: `${act}, event loop p99`,
        value: worst,
        unit: 'ms',
        budget: { of: 'value', atMost: 16 },
      });
      report({ metric: act, value: longest, unit: 'ms', budget: { of: 'value' } });
    }
    await Promise.all([owner.close(), other.close()]);
  } finally {
    await rm(folder, { recursive: true });
  }
}
