import assert from 'node:assert/strict';
import { type Lease, leaseMs } from '../../../src/engine/kernel/leases';
import { writeUnder } from '../../../src/providers/store/leaseGuard';
import { StoredLeases } from '../../../src/providers/store/leaseStore';
import { seedOfRun, seededRandom } from '../../helpers/random';
import { rejectsWith } from '../../helpers/rejects';
import { type DirectAccess, directAccess } from './directAccess';
import { LeaseTime } from './leaseTime';

const day = 86_400_000;

describe('A lease', () => {
  let time: LeaseTime;
  let access: DirectAccess;
  let leases: StoredLeases;
  beforeEach(async () => {
    time = new LeaseTime();
    access = await directAccess();
    leases = new StoredLeases(access, time);
  });
  afterEach(() => access.close());

  const acquire = (holder: string): Promise<Lease | undefined> => leases.acquire('job', holder);

  async function acquired(holder: string): Promise<Lease> {
    const lease = await acquire(holder);
    assert.ok(lease, `${holder} gets no lease`);
    return lease;
  }

  async function passes(lease: Lease): Promise<boolean> {
    try {
      await writeUnder(access, lease, []);
      return true;
    } catch (thrown) {
      assert.equal((thrown as { reason?: string }).reason, 'lease-lost');
      return false;
    }
  }

  it('is held by one, who may take it again', async () => {
    assert.deepEqual(await acquired('a'), { name: 'job', holder: 'a', epoch: 1 });
    assert.equal(await acquire('b'), undefined);
    assert.deepEqual(await acquired('a'), { name: 'job', holder: 'a', epoch: 1 });
    assert.deepEqual(await leases.acquire('other', 'b'), { name: 'other', holder: 'b', epoch: 1 });
  });

  it('is free 20 s after the last renewal, and then its former holder cannot renew it', async () => {
    const first = await acquired('a');
    time.advance(leaseMs - 1);
    assert.equal(await leases.renew(first), true);
    time.advance(leaseMs - 1);
    assert.equal(await acquire('b'), undefined);
    time.advance(1);
    assert.equal((await acquired('b')).epoch, 2);
    assert.equal(await leases.renew(first), false);
    assert.equal(await passes(first), false);
  });

  it('given back is free at once, and its epoch goes on', async () => {
    const first = await acquired('a');
    await leases.release(first);
    assert.equal(await passes(first), false);
    assert.equal(await leases.renew(first), false);
    const second = await acquired('b');
    assert.equal(second.epoch, 2);
    await leases.release(first);
    assert.equal(await passes(second), true);
  });

  it('that ran out is a new one even for the same holder', async () => {
    const first = await acquired('a');
    time.advance(leaseMs);
    assert.equal((await acquired('a')).epoch, 2);
    assert.equal(await passes(first), false);
  });

  it('that is lost refuses the whole transaction', async () => {
    const first = await acquired('a');
    await writeUnder(access, first, [
      { sql: "INSERT INTO retention_policies VALUES ('x', '{}')", params: [] },
    ]);
    await leases.release(first);
    const late = { sql: "INSERT INTO retention_policies VALUES ('y', '{}')", params: [] };
    const error = await rejectsWith(writeUnder(access, first, [late]), 'CONFLICT', 'lease-lost');
    assert.equal(error.details['outcome'], 'not applied');
    assert.deepEqual(
      await access.read({ name: 'of a test', sql: 'SELECT dataset FROM retention_policies' }),
      [['x']],
    );
  });

  it('does not hide why else a transaction was refused', async () => {
    const held = await acquired('a');
    const bad = { sql: 'INSERT INTO nowhere VALUES (1)', params: [] };
    await rejectsWith(writeUnder(access, held, [bad]), 'CONFLICT', 'store-refused');
  });

  it('of a dead holder is free after 20 s although the clock was set back by a day', async () => {
    await acquired('dead');
    time.setBy(-day);
    time.advance(leaseMs);
    assert.equal((await acquired('b')).epoch, 2);
  });

  it('of a holder that lives is never held twice when the clock is set forward by a day', async () => {
    const first = await acquired('a');
    time.setBy(day);
    const second = await acquired('b');
    assert.deepEqual([await passes(first), await passes(second)], [false, true]);
    time.setBy(-day);
    const third = await acquired('a');
    assert.deepEqual([await passes(second), await passes(third), third.epoch], [false, true, 3]);
  });

  it('has one holder at most, and a higher epoch with each, whatever happens', async () => {
    const random = seededRandom(seedOfRun());
    const granted: Lease[] = [];
    for (let step = 0; step < 600; step++) {
      await act(random, granted);
      const passing = [];
      for (const lease of granted.slice(-8)) if (await passes(lease)) passing.push(lease);
      const told = `seed ${random.seed}, step ${step}`;
      assert.ok(new Set(passing.map(({ holder, epoch }) => `${holder} ${epoch}`)).size <= 1, told);
      granted.slice(1).forEach((lease, index) => {
        const before = granted[index]!;
        const rises = lease.epoch > before.epoch;
        assert.ok(rises || (lease.holder === before.holder && lease.epoch === before.epoch), told);
      });
    }
    assert.ok(new Set(granted.map(({ holder }) => holder)).size === 3, `seed ${random.seed}`);
  });

  async function act(random: ReturnType<typeof seededRandom>, granted: Lease[]): Promise<void> {
    const one = granted.length > 0 ? random.pick(granted.slice(-8)) : undefined;
    const acts = [
      async () => {
        const lease = await acquire(random.pick(['a', 'b', 'c']));
        if (lease) granted.push(lease);
      },
      async () => one && leases.renew(one),
      async () => one && leases.release(one),
      async () => {
        time.advance(random.below(leaseMs));
      },
      async () => {
        time.advance(leaseMs);
      },
      async () => {
        time.setBy(random.pick([-day, day, -leaseMs, leaseMs, 3 * leaseMs]));
      },
    ];
    await random.pick(acts)();
  }
});
