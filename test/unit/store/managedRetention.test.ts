import assert from 'node:assert/strict';
import { Emitter } from '../../../src/engine/kernel/events';
import { ManagedRetention } from '../../../src/engine/retention/managedRetention';
import { type RetentionPolicy, defaultPolicies } from '../../../src/engine/retention/policy';
import { StoredPurgeCounts } from '../../../src/providers/store/purgeCounts';
import type { DirectAccess } from './directAccess';
import { type TestRetention, dayMs, makeRetention, recordAt, seqsOf, upkeepOf } from './retentionFixture';

const dataset = 'observabilitySnapshots';
const policy: RetentionPolicy = { ...defaultPolicies[dataset], minimumKept: 0 };

describe('What a person sees of retention', () => {
  let retention: TestRetention & { readonly access: DirectAccess };
  let desk: ManagedRetention;
  const written = new Emitter<undefined>();
  beforeEach(async () => {
    retention = await makeRetention();
    const { access, store, collecting, enforcer, time } = retention;
    desk = new ManagedRetention({
      store,
      counts: new StoredPurgeCounts(access, upkeepOf(access.database)),
      collecting,
      onEvent: enforcer.onEvent,
      onWritten: written.event,
      clock: time,
    });
    const now = time.now();
    await retention.records.append(
      dataset,
      Array.from({ length: 300 }, (_, index) =>
        recordAt(`r${index}`, now - (300 - index) * 0.1 * dayMs, 10_000),
      ),
    );
  });
  afterEach(async () => {
    desk.dispose();
    await retention.enforcer.dispose();
    retention.access.close();
  });

  for (const [name, changed] of Object.entries({
    'an age': { retentionDays: 10 },
    'a budget': { budgetBytes: 1024 * 1024 },
    'an age and a budget': { retentionDays: 20, budgetBytes: 2 * 1024 * 1024 },
    nothing: {},
  })) {
    it(`foretells what ${name} would take at the next round, and changes nothing by it`, async () => {
      const foretold = await desk.impactOf(dataset, { ...policy, ...changed });
      assert.equal((await seqsOf(retention.access, dataset)).length, 300);
      assert.deepEqual(await desk.policies(), defaultPolicies);
      await desk.setPolicy(dataset, { ...policy, ...changed });
      await retention.enforcer.round();
      const gone = 300 - (await seqsOf(retention.access, dataset)).length;
      // For a budget records are counted as equally large, so a few more or less may go.
      assert.ok(
        Math.abs(foretold.rows - gone) <= ('budgetBytes' in changed ? 8 : 0),
        `${foretold.rows}, ${gone}`,
      );
      assert.equal(foretold.rows === 0, name === 'nothing');
    });
  }

  it('refuses a policy that makes no sense', async () => {
    await assert.rejects(desk.setPolicy(dataset, { ...policy, retentionDays: 0 }), {
      reason: 'invalid',
    });
  });

  it('tells of what changes, and what is stopped', async () => {
    let changes = 0;
    const listening = desk.onChange(() => changes++);
    written.fire(undefined);
    assert.equal(changes, 1);
    await desk.setPolicy(dataset, { ...policy, budgetBytes: 1024 * 1024, autoPurgeOldest: false });
    await retention.enforcer.round();
    assert.equal(changes, 2);
    assert.deepEqual([...desk.stopped()], [dataset]);
    listening.dispose();
    written.fire(undefined);
    assert.equal(changes, 2);
  });
});
