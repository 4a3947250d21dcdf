import assert from 'node:assert/strict';
import { defaultPolicies } from '../../../src/engine/retention/policy';
import type { SqlValue, Statement } from '../../../src/providers/store/statement';
import type { Read } from '../../../src/providers/store/reads/read';
import type { StoreAccess } from '../../../src/providers/store/storeAccess';
import type { StoreCore } from '../../../src/providers/store/storeCore';
import { nodeFiles } from '../../../src/providers/store/storeFiles';
import { FaultyFiles } from './faultyFiles';
import { type TestRetention, dayMs, eventAt, retentionOver } from './retentionFixture';
import { FakeTime, makeCore, temporaryFolder, write } from './storeFixture';

const never = new AbortController().signal;
const old = 1200;
const young = 30;

/** Each opening is by another process, and those before it have ended. */
let lastPid = 0;

/** A store in this thread with its files; each write is one record. */
class CoreAccess implements StoreAccess {
  private written = 0;

  constructor(
    private readonly core: StoreCore,
    private readonly name: string,
  ) {}

  async write(statements: readonly Statement[]): Promise<void> {
    await Promise.resolve();
    const transactions = [{ id: `${this.name}/${++this.written}`, at: 0, statements }];
    const [refusal] = write(this.core, ...transactions);
    if (refusal) throw refusal;
  }

  async read({ sql }: Read, params: readonly SqlValue[] = []): Promise<SqlValue[][]> {
    await Promise.resolve();
    return this.core.read(sql, params);
  }
}

const upkeep = {
  tableBytes: () => Promise.resolve(new Map([['history_events', 1_000_000]])),
  shrink: () => Promise.resolve({ before: 0, after: 0 }),
};

interface Opened {
  readonly core: StoreCore;
  readonly retention: TestRetention;
  readonly seqs: () => unknown[];
}

describe('The end of the process', () => {
  let folder: string;
  let remove: () => void;
  let faulty: FaultyFiles;
  beforeEach(() => {
    ({ folder, remove } = temporaryFolder());
    faulty = new FaultyFiles();
  });
  afterEach(() => remove());

  async function open(name: string, files = nodeFiles): Promise<Opened> {
    const time = new FakeTime();
    const { core } = await makeCore({ folder, files, time, name, livePids: new Set(), pid: ++lastPid });
    core.open();
    const retention = retentionOver(new CoreAccess(core, name), upkeep, { time });
    const seqs = (): unknown[] =>
      core.read('SELECT seq FROM history_events ORDER BY seq', []).map(([seq]) => seq);
    return { core, retention, seqs };
  }

  /** Old events of which one is held, and young ones. */
  async function fill(): Promise<void> {
    const { core, retention } = await open('filling');
    const now = retention.time.now();
    await retention.history.append(Array.from({ length: old }, () => eventAt(now - 40 * dayMs)));
    await retention.history.append(Array.from({ length: young }, () => eventAt(now - dayMs)));
    await retention.holds.add({ id: 'h', dataset: 'timelineEvents', holder: 'run:1', seq: 700, at: now });
    await retention.store.setPolicy('timelineEvents', { ...defaultPolicies.timelineEvents, minimumKept: 0 });
    core.close();
  }

  const kept = [700, ...Array.from({ length: young }, (_, index) => old + 1 + index)];

  const works = {
    'a purge': async ({ retention }: Opened): Promise<void> => {
      const before = retention.time.now() - 10 * dayMs;
      const { token } = await retention.purges.preview({ datasets: ['timelineEvents'], before });
      const { stopped, message } = await retention.purges.run(token, () => undefined, never);
      if (stopped) throw new Error(message);
    },
    'a round of retention': ({ retention }: Opened): Promise<void> => retention.enforcer.round(),
  };

  for (const [name, work] of Object.entries(works)) {
    it(`at any step of ${name} loses nothing that stays, and trying again ends with the exact set`, async () => {
      let steps = 0;
      for (let step = 1; step <= steps + 1; step++) {
        ({ folder, remove } = step === 1 ? { folder, remove } : again());
        await fill();
        faulty = new FaultyFiles();
        let from = Infinity;
        faulty.decide = (_operation, _file, count) => (count === from + step ? 'crash' : undefined);
        const first = await open(`first-${step}`, faulty.files);
        from = faulty.done.length;
        const failed = await work(first).then(
          () => false,
          () => true,
        );
        steps = Math.max(steps, failed ? step : 0);
        if (!failed) first.core.close();
        const second = await open(`second-${step}`);
        const left = new Set(second.seqs());
        for (const seq of kept) assert.ok(left.has(seq), `${String(seq)} is lost after step ${step}`);
        await work(second);
        assert.deepEqual(second.seqs(), kept, `after step ${step}`);
        assert.equal(second.core.status().damage.failedTransactions, 0);
        second.core.close();
      }
      assert.ok(steps >= 6, `only ${steps} steps`);
    });
  }

  function again(): ReturnType<typeof temporaryFolder> {
    remove();
    return temporaryFolder();
  }
});
