import assert from 'node:assert/strict';
import { LeaseKeeper } from '../../../src/engine/kernel/leaseKeeper';
import type { Lease } from '../../../src/engine/kernel/leases';
import { writeUnder } from '../../../src/providers/store/leaseGuard';
import { StoredLeases } from '../../../src/providers/store/leaseStore';
import type { StoreClient } from '../../../src/providers/store/storeClient';
import { eventually } from '../../helpers/eventually';
import { rejectsWith } from '../../helpers/rejects';
import { FakeTime, keptLog, temporaryFolder } from '../../unit/store/storeFixture';
import { realClient } from './realStore';

const windows = 5;

/** Who does the job now, and every lease it was done under. */
interface Running {
  readonly now: Set<string>;
  readonly leases: Lease[];
  /** Who began while another one had not ended. */
  readonly overlaps: string[];
}

describe('Windows that share a job', function () {
  this.timeout(60_000);

  it('have one that does it, also when that window and the owner of the store are gone', async () => {
    const { folder, remove } = temporaryFolder();
    const time = new FakeTime();
    const running: Running = { now: new Set(), leases: [], overlaps: [] };
    const stores = Array.from({ length: windows }, () => realClient(folder));
    const keepers = stores.map((store, index) => keep(store, time, `window ${index}`, running));
    const doneBy = (count: number): Promise<Lease> =>
      eventually('the job has a window', () => {
        time.advance(500);
        return running.leases[count - 1];
      });
    const first = await doneBy(1);
    // Its store goes without a word, as with a window that is killed: nothing is given back.
    const gone = Number(first.holder.slice(-1));
    await stores[gone]?.close();
    const second = await doneBy(2);
    assert.notEqual(second.holder, first.holder);
    assert.ok(second.epoch > first.epoch);
    const left = stores[(gone + 1) % windows];
    assert.ok(left);
    await rejectsWith(writeUnder(left, first, []), 'CONFLICT', 'lease-lost');
    await writeUnder(left, second, []);
    await Promise.all(keepers.map((keeper) => keeper.dispose()));
    await Promise.all(stores.map((store) => store.close()));
    assert.deepEqual(running.overlaps, []);
    remove();
  });
});

function keep(store: StoreClient, time: FakeTime, holder: string, running: Running): LeaseKeeper {
  return new LeaseKeeper({
    leases: new StoredLeases(store, time),
    clock: time,
    timers: time,
    log: keptLog(),
    name: 'job',
    holder,
    onHeld: (lease, signal) => {
      for (const other of running.now) running.overlaps.push(`${holder} beside ${other}`);
      running.leases.push(lease);
      running.now.add(holder);
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          running.now.delete(holder);
          resolve();
        });
      });
    },
  });
}
