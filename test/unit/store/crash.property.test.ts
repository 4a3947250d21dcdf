import assert from 'node:assert/strict';
import { type SeededRandom, seedOfRun, seededRandom } from '../../helpers/random';
import { FaultyFiles, type Fault } from './faultyFiles';
import {
  FakeTime,
  type TestCore,
  makeCore,
  rowIds,
  temporaryFolder,
  transaction,
  write,
} from './storeFixture';
import type { Transaction } from '../../../src/providers/store/statement';

const runs = 40;
const stepsARun = 60;

/** What must be stored, what may be, and what is sent again after a crash, as a client would. */
class Model {
  readonly rows = new Set<string>();
  /** Transactions whose outcome is not known: their effects must be there or not, whole. */
  unanswered: { readonly transaction: Transaction; readonly effect: Effect }[] = [];

  apply({ added, removed }: Effect): void {
    for (const id of added) this.rows.add(id);
    for (const id of removed) this.rows.delete(id);
  }
}

interface Effect {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

let lastRow = 0;

/** A transaction that adds rows and removes one, and what it does to a model. */
function someTransaction(random: SeededRandom, model: Model): { transaction: Transaction; effect: Effect } {
  const added = Array.from({ length: random.below(4) + 1 }, () => `r${++lastRow}`);
  const removed = model.rows.size > 5 && random.chance(0.4) ? [random.pick([...model.rows])] : [];
  const statements = [
    ...added.map((id) => ({
      sql: 'INSERT INTO profiles VALUES (?, ?, 0)',
      params: [id, 'x'.repeat(random.below(300))],
    })),
    ...removed.map((id) => ({ sql: 'DELETE FROM profiles WHERE id = ?', params: [id] })),
  ];
  return { transaction: transaction(...statements), effect: { added, removed } };
}

/** Nothing, a system error, or the end of the process, at a random operation. */
function someFault(random: SeededRandom): () => Fault {
  const at = random.below(40) + 1;
  const fault: Fault = random.chance(0.5) ? 'crash' : { errno: random.pick(['ENOSPC', 'EIO']) };
  let count = 0;
  return () => (++count === at ? fault : undefined);
}

describe('A store in which anything may happen', function () {
  this.timeout(120_000);

  it('holds, after each restart, what a model says: acknowledged whole, refused not at all, resent once', async () => {
    const seed = seedOfRun();
    for (let run = 0; run < runs; run++) {
      const random = seededRandom(seed + run);
      const { folder, remove } = temporaryFolder();
      const time = new FakeTime();
      const model = new Model();
      let test = await restart(folder, time, random, model);
      for (let step = 0; step < stepsARun; step++) {
        if (random.chance(0.1)) time.advance(5 * 60_000 + random.below(1000));
        const isOver = random.chance(0.08) || !attempt(test.core, random, model);
        if (!isOver) continue;
        test = await restart(folder, time, random, model);
        assert.deepEqual(rowIds(test.core), [...model.rows].sort(), `seed ${seed + run}, step ${step}`);
      }
      test.core.close();
      remove();
    }
  });
});

/** Writes something; false when the process "ended". */
function attempt(core: TestCore['core'], random: SeededRandom, model: Model): boolean {
  const { transaction: asked, effect } = someTransaction(random, model);
  try {
    const [refusal] = write(core, asked);
    if (refusal === undefined) model.apply(effect);
    else if (refusal.details['outcome'] === 'unknown') model.unanswered.push({ transaction: asked, effect });
    return core.status().state === 'owner';
  } catch {
    model.unanswered.push({ transaction: asked, effect });
    return false;
  }
}

/** Opens the store as the next process does, sends again what was not answered, and lets something go wrong later. */
async function restart(
  folder: string,
  time: FakeTime,
  random: SeededRandom,
  model: Model,
): Promise<TestCore> {
  const faulty = new FaultyFiles();
  // The process before is dead, so its lock is nobody's.
  const test = await makeCore({ folder, files: faulty.files, time, livePids: new Set() });
  test.core.open();
  for (const { transaction: again, effect } of model.unanswered) {
    assert.deepEqual(write(test.core, again), [undefined]);
    model.apply(effect);
  }
  model.unanswered = [];
  assert.equal(test.core.status().damage.failedTransactions, 0);
  faulty.decide = someFault(random);
  return test;
}
