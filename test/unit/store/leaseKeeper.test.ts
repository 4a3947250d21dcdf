import assert from 'node:assert/strict';
import { LeaseKeeper, type LeasedJob } from '../../../src/engine/kernel/leaseKeeper';
import { type Lease, type LeaseStore, leaseMs, renewMs } from '../../../src/engine/kernel/leases';
import { underLease } from '../../../src/engine/kernel/underLease';
import { writeUnder } from '../../../src/providers/store/leaseGuard';
import { StoredLeases } from '../../../src/providers/store/leaseStore';
import { type DirectAccess, directAccess } from './directAccess';
import { LeaseTime } from './leaseTime';
import { keptLog } from './storeFixture';

/** Lets all that waits for promises only go as far as it can. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}

describe('A job under a lease', () => {
  let time: LeaseTime;
  let access: DirectAccess;
  let leases: StoredLeases;
  let log: ReturnType<typeof keptLog>;
  let keepers: LeaseKeeper[];
  beforeEach(async () => {
    time = new LeaseTime();
    access = await directAccess();
    leases = new StoredLeases(access, time);
    log = keptLog();
    keepers = [];
  });
  afterEach(async () => {
    await Promise.all(keepers.map((keeper) => keeper.dispose()));
    assert.equal(time.waiting, 0, 'a keeper leaves a timer behind');
    access.close();
  });

  function keep(holder: string, onHeld: LeasedJob, through: LeaseStore = leases): LeaseKeeper {
    const ports = { leases: through, clock: time, timers: time, log };
    const keeper = new LeaseKeeper({ ...ports, name: 'job', holder, onHeld });
    keepers.push(keeper);
    return keeper;
  }

  /** A job that lasts until it is told to end, and notes its beginning and its end. */
  function noted(holder: string, notes: string[]): LeasedJob {
    return (_lease, signal) => {
      notes.push(`${holder} begins`);
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          notes.push(`${holder} ends`);
          resolve();
        });
      });
    };
  }

  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 1000) {
      time.advance(Math.min(left, 1000));
      await settle();
    }
  }

  it('runs in one of five windows, and in another soon after that one is closed', async () => {
    const notes: string[] = [];
    for (const holder of ['a', 'b', 'c', 'd', 'e']) keep(holder, noted(holder, notes));
    await settle();
    await pass(10 * leaseMs);
    assert.deepEqual(notes, ['a begins']);
    for (const keeper of keepers.slice(0, 4)) {
      await keeper.dispose();
      await pass(renewMs);
    }
    const order = ['a', 'b', 'c', 'd'].flatMap((holder) => [`${holder} begins`, `${holder} ends`]);
    assert.deepEqual(notes, [...order, 'e begins']);
  });

  it('is taken over 20 s after its window died, and the dead one cannot write any more', async () => {
    const dead = await leases.acquire('job', 'dead');
    assert.ok(dead);
    const notes: string[] = [];
    keep('b', noted('b', notes));
    await settle();
    await pass(leaseMs - renewMs);
    assert.deepEqual(notes, []);
    await pass(renewMs);
    assert.deepEqual(notes, ['b begins']);
    await assert.rejects(writeUnder(access, dead, []), { reason: 'lease-lost' });
  });

  it('is told to end when its lease was taken, and begins again when that is free', async () => {
    const notes: string[] = [];
    keep('a', noted('a', notes));
    await settle();
    time.setBy(86_400_000);
    const thief = await leases.acquire('job', 'thief');
    assert.ok(thief);
    await pass(renewMs);
    assert.deepEqual(notes, ['a begins', 'a ends']);
    await leases.release(thief);
    await pass(renewMs);
    assert.deepEqual(notes, ['a begins', 'a ends', 'a begins']);
  });

  it('is told to end when renewing fails for as long as the lease lasts, however the wall clock is set', async () => {
    const notes: string[] = [];
    let fails = false;
    const failing: LeaseStore = {
      acquire: (name, holder) => leases.acquire(name, holder),
      renew: (lease) => (fails ? Promise.reject(new Error('no store')) : leases.renew(lease)),
      release: (lease) => leases.release(lease),
    };
    keep('a', noted('a', notes), failing);
    await settle();
    fails = true;
    time.setBy(-86_400_000);
    await pass(leaseMs - 1000);
    assert.deepEqual(notes, ['a begins']);
    fails = false;
    await pass(2 * renewMs);
    assert.deepEqual(notes, ['a begins', 'a ends', 'a begins']);
    assert.ok(log.lines.includes('warn A lease ran out without being renewed'));
  });

  it('that ended well is not done again while its window lives; one that failed is', async () => {
    const done: string[] = [];
    keep('a', () => void done.push('a'));
    await settle();
    keep('b', () => void done.push('b'));
    await pass(3 * leaseMs);
    assert.deepEqual(done, ['a']);
    await keepers[0]?.dispose();
    let tries = 0;
    keep('c', () => {
      if (++tries < 3) throw new Error('not yet');
      done.push('c');
    });
    await keepers[1]?.dispose();
    await pass(4 * renewMs);
    assert.deepEqual(done, ['a', 'c']);
  });

  it('is not begun by an answer that comes after the lease has run out', async () => {
    const answers: (() => void)[] = [];
    const slow: LeaseStore = {
      acquire: async (name, holder) => {
        const lease = await leases.acquire(name, holder);
        await new Promise<void>((resolve) => answers.push(resolve));
        return lease;
      },
      renew: (lease) => leases.renew(lease),
      release: (lease) => leases.release(lease),
    };
    const notes: string[] = [];
    const keeper = keep('a', noted('a', notes), slow);
    await settle();
    time.advance(leaseMs);
    answers[0]?.();
    await settle();
    assert.deepEqual(notes, []);
    await keeper.dispose();
  });

  it('done once gives its lease back, and is not done while another has it', async () => {
    const ports = { leases, clock: time, timers: time, log };
    const epochs: number[] = [];
    const work = (lease: Lease): Promise<string> => Promise.resolve(`done ${epochs.push(lease.epoch)}`);
    assert.equal(await underLease(ports, 'job', 'a', work), 'done 1');
    const other = await leases.acquire('job', 'b');
    assert.ok(other);
    assert.equal(await underLease(ports, 'job', 'a', work), undefined);
    await leases.release(other);
    assert.equal(await underLease(ports, 'job', 'a', work), 'done 2');
    assert.deepEqual(epochs, [1, 3]);
  });
});
