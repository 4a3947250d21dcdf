import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock, systemRandom } from '../../../src/engine/kernel/clock';
import { PurgeRuns } from '../../../src/engine/retention/purges';
import type { PurgeProgress } from '../../../src/engine/retention/purge';
import type { Store } from '../../../src/providers/store/openStore';
import { temporaryFolder } from '../../unit/store/storeFixture';
import { realStore, someEvent } from './realStore';

const dayMs = 24 * 3_600_000;

describe('The room a store takes', function () {
  this.timeout(120_000);
  let folder: string;
  let remove: () => void;
  let stores: Store[];

  beforeEach(() => {
    ({ folder, remove } = temporaryFolder());
    stores = [realStore(folder), realStore(folder)];
  });
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    remove();
  });

  async function fill({ history }: Store, events: number, ageMs: number, mark: string): Promise<void> {
    const timestamp = Date.now() - ageMs;
    for (let start = 0; start < events; start += 1000) {
      const page = Array.from({ length: 1000 }, (_, index) =>
        someEvent(`${mark}-${start + index}`, { timestamp, keyOrPattern: `user:${mark}:${start + index}` }),
      );
      await history.append(page);
    }
  }

  function snapshotBytes(): number[] {
    return readdirSync(folder)
      .filter((name) => name.startsWith('snapshot-'))
      .map((name) => statSync(join(folder, name)).size);
  }

  it('S97, G53: is given back by a purge: every file shrinks to its live data, and what was purged is in none', async () => {
    const [first, second] = stores as [Store, Store];
    await fill(first, 30_000, 20 * dayMs, 'purged');
    await fill(second, 5000, dayMs, 'kept');
    await first.upkeep.shrink();
    const before = Math.max(...snapshotBytes());
    const { retention, purgeCounts, holds } = second;
    const ports = { store: retention, counts: purgeCounts, holds, upkeep: second.upkeep };
    const purges = new PurgeRuns({ ...ports, clock: systemClock, random: systemRandom });
    const preview = await purges.preview({ datasets: ['timelineEvents'], before: Date.now() - 7 * dayMs });
    assert.equal(preview.impacts[0]?.rows, 30_000);
    await first.history.append([someEvent('meanwhile', { timestamp: Date.now() - 20 * dayMs })]);
    const steps: PurgeProgress[] = [];
    const done = await purges.run(
      preview.token,
      (progress) => steps.push(progress),
      new AbortController().signal,
    );
    assert.deepEqual([done.doneRows, done.remainingRows, done.stopped], [30_000, 0, undefined]);
    assert.ok(steps.length > 2, 'it went in batches');
    const used = [...(await first.upkeep.tableBytes())];
    const total = used.reduce((sum, [, bytes]) => sum + bytes, 0);
    for (const bytes of snapshotBytes()) {
      assert.ok(bytes < before / 3, `${bytes} of ${before}`);
      assert.ok(bytes <= total * 1.15, `${bytes} for ${total} of data`);
    }
    const journals = readdirSync(folder).filter((name) => /^(snapshot|journal)-/.test(name));
    for (const name of journals) {
      assert.ok(!readFileSync(join(folder, name)).includes('user:purged:'), `${name} still has it`);
    }
    const left = await first.history.list({ limit: 10_000 });
    assert.equal(left.length, 5001);
    assert.equal((await first.storage.verify()).isSound, true);
  });

  it('is measured once for each state of the store', async () => {
    const [first] = stores as [Store, Store];
    await fill(first, 1000, 0, 'a');
    const before = await first.upkeep.tableBytes();
    await fill(first, 9000, 0, 'b');
    const after = await first.upkeep.tableBytes();
    assert.ok((after.get('history_events') ?? 0) > (before.get('history_events') ?? 0) * 5);
    assert.deepEqual(await first.upkeep.tableBytes(), after);
  });

  it('is copied and verified for any window, and told with its owner', async () => {
    const [first, second] = stores as [Store, Store];
    await fill(first, 2000, 0, 'a');
    const copy = await second.storage.backUp();
    assert.equal(statSync(join(folder, copy.name)).size, copy.bytes);
    const report = await second.storage.verify();
    assert.deepEqual([report.isSound, report.integrity, report.damage], [true, ['ok'], []]);
    const events = report.tables.find(({ table }) => table === 'history_events');
    assert.deepEqual([events?.rows, events?.replayedRows], [2000, 2000]);
    const statuses = await Promise.all([first, second].map((store) => store.storage.status()));
    assert.deepEqual(statuses.map(({ owner }) => [owner.isThisWindow, owner.windows]), [[true, 2], [false, 2]]); // prettier-ignore
    assert.deepEqual(statuses[1]?.backups.map(({ name }) => name), [copy.name]); // prettier-ignore
  });
});
