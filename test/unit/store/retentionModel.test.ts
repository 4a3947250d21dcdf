import assert from 'node:assert/strict';
import type { Hold } from '../../../src/engine/retention/holds';
import { type RetentionPolicy, defaultPolicies } from '../../../src/engine/retention/policy';
import type { NewRecord } from '../../../src/engine/retention/records';
import { type SeededRandom, seedOfRun, seededRandom } from '../../helpers/random';
import { type TestRetention, dayMs, makeRetention, seqsOf } from './retentionFixture';

const mebibyte = 1024 * 1024;
const dataset = 'workflowHistory';

/** What must stay and what must go, worked out row by row. */
class Model {
  private readonly rows = new Map<number, NewRecord>();
  holds: Hold[] = [];
  policy: RetentionPolicy = defaultPolicies[dataset];
  private aging: { now: number; doubtedMs: number } | undefined;
  private last = 0;

  add(record: NewRecord): void {
    this.rows.set(++this.last, record);
  }

  get seqs(): number[] {
    return [...this.rows.keys()];
  }

  /** A round at this time of the wall clock, with so much real time since the one before. */
  age(wall: number, passed: number): void {
    const { now = wall, doubtedMs = 0 } = this.aging ?? {};
    const ahead = this.aging === undefined ? 0 : wall - now - passed;
    const doubted = ahead > dayMs / 24 ? doubtedMs + Math.max(passed, dayMs / 144) : 0;
    const isBelieved = doubted === 0 || doubted >= dayMs;
    const next = isBelieved ? Math.min(Math.max(wall, now - dayMs), now + passed + dayMs) : now + passed;
    this.aging = { now: next, doubtedMs: doubted };
    const oldest = next - this.policy.retentionDays * dayMs;
    for (const seq of this.free()) if ((this.rows.get(seq)?.at ?? 0) < oldest) this.rows.delete(seq);
  }

  /** Rows that may go, ascending: neither held nor among the newest. */
  free(): number[] {
    const { seqs } = this;
    const end = Math.max(0, seqs.length - this.policy.minimumKept);
    return seqs.slice(0, end).filter((seq) => !this.isHeld(seq));
  }

  /** Takes note of what went for the budget. */
  keep(seqs: readonly number[]): void {
    for (const seq of this.seqs) if (!seqs.includes(seq)) this.rows.delete(seq);
  }

  private isHeld(seq: number): boolean {
    const row = this.rows.get(seq);
    return this.holds.some((hold) => {
      if (hold.dataset !== dataset || !row) return false;
      if (hold.seq !== undefined) return hold.seq === seq;
      const ofConnection = hold.connectionId === undefined || hold.connectionId === row.connectionId;
      return ofConnection && row.at >= (hold.from ?? -Infinity) && row.at <= (hold.to ?? Infinity);
    });
  }
}

function someHold(random: SeededRandom, id: string, now: number, seqs: readonly number[]): Hold {
  const from = now - random.below(50) * dayMs;
  const base = { id, dataset: random.pick([dataset, dataset, 'alerts'] as const), holder: 'run:1', at: now };
  if (seqs.length > 0 && random.chance(0.5)) return { ...base, seq: random.pick(seqs) };
  return {
    ...base,
    from,
    ...(random.chance(0.7) && { to: from + 3 * dayMs }),
    ...(random.chance(0.5) && { connectionId: random.pick(['a', 'b']) }),
  };
}

describe('Retention against a model', () => {
  it('takes what is too old, then the oldest for its budget, and never what must stay, whatever the clock does', async () => {
    const random = seededRandom(seedOfRun());
    const test = await makeRetention();
    const model = new Model();
    let ids = 0;
    let lastRound = test.time.monotonic();
    for (let round = 0; round < 60; round++) {
      const why = `seed ${random.seed}, round ${round}`;
      const now = test.time.now();
      const added = Array.from({ length: random.below(30) }, () => ({
        id: `r${++ids}`,
        at: now - Math.floor((random.below(60) - 5) * dayMs),
        content: { text: 'x'.repeat(random.below(20_000)) },
        ...(random.chance(0.6) && { connectionId: random.pick(['a', 'b']) }),
      }));
      await test.records.append(dataset, added);
      for (const record of added) model.add(record);
      await changeRules(test, model, random, now);
      if (random.chance(0.3)) test.time.jump((random.below(400) - 200) * dayMs);
      test.time.advance(random.below(3 * dayMs));
      const passed = round === 0 ? 0 : test.time.monotonic() - lastRound;
      lastRound = test.time.monotonic();
      model.age(test.time.now(), passed);
      const expected = model.seqs;
      const mayGo = model.free();
      await test.enforcer.round();
      const found = await seqsOf(test.access, dataset);
      const gone = expected.filter((seq) => !found.includes(seq));
      assert.deepEqual(
        found,
        expected.filter((seq) => !gone.includes(seq)),
        why,
      );
      assert.deepEqual(gone, mayGo.slice(0, gone.length), `${why}: only the oldest go for the budget`);
      const bytes = await bytesOf(test);
      const { budgetBytes, autoPurgeOldest } = model.policy;
      if (!autoPurgeOldest) assert.deepEqual(gone, [], why);
      else
        assert.ok(bytes < budgetBytes || gone.length === mayGo.length, `${why}: ${bytes} of ${budgetBytes}`);
      if (gone.length > 0) assert.ok(bytes > budgetBytes * 0.75, `${why}: too much went, ${bytes} are left`);
      if (bytes >= budgetBytes) assert.equal(test.collecting.isOn(dataset), false, why);
      if (bytes < budgetBytes * 0.95) assert.equal(test.collecting.isOn(dataset), true, why);
      model.keep(found);
    }
    await test.enforcer.dispose();
    test.access.close();
  });
});

async function bytesOf(test: TestRetention): Promise<number> {
  const { datasets } = await test.store.usage();
  return datasets.find((each) => each.dataset === dataset)?.databaseBytes ?? 0;
}

async function changeRules(
  test: TestRetention,
  model: Model,
  random: SeededRandom,
  now: number,
): Promise<void> {
  if (random.chance(0.4)) {
    const hold = someHold(random, `h${random.below(4)}`, now, model.seqs);
    await test.holds.add(hold);
    model.holds = [...model.holds.filter(({ id }) => id !== hold.id), hold];
  }
  if (random.chance(0.3)) {
    const id = `h${random.below(4)}`;
    await test.holds.remove(id);
    model.holds = model.holds.filter((hold) => hold.id !== id);
  }
  if (random.chance(0.4)) {
    model.policy = {
      retentionDays: 1 + random.below(60),
      budgetBytes: mebibyte * (1 + random.below(3)),
      minimumKept: random.below(40),
      autoPurgeOldest: random.chance(0.8),
    };
    await test.store.setPolicy(dataset, model.policy);
  }
}
