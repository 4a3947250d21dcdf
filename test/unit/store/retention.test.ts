import assert from 'node:assert/strict';
import { defaultPolicies } from '../../../src/engine/retention/policy';
import { excessRows } from '../../../src/engine/retention/excess';
import type { DatasetUsage } from '../../../src/engine/retention/dataset';
import { StoredLeases } from '../../../src/providers/store/leaseStore';
import type { DirectAccess } from './directAccess';
import {
  type TestRetention,
  dayMs,
  eventAt,
  makeRetention,
  recordAt,
  seqsOf,
  retentionOver,
  upkeepOf,
} from './retentionFixture';

const mebibyte = 1024 * 1024;

describe('Retention', () => {
  let test: TestRetention & { readonly access: DirectAccess };
  beforeEach(async () => {
    test = await makeRetention();
  });
  afterEach(async () => {
    await test.enforcer.dispose();
    test.access.close();
  });

  /** Snapshots of 10 KB, this many and this many days old at most; the oldest first. */
  async function addSnapshots(count: number, days: number): Promise<void> {
    const now = test.time.now();
    await test.records.append(
      'observabilitySnapshots',
      Array.from({ length: count }, (_, index) =>
        recordAt(`s-${now}-${index}`, now - ((count - index) * days * dayMs) / count, 10_000),
      ),
    );
  }

  async function setPolicy(policy: Partial<(typeof defaultPolicies)['alerts']>): Promise<void> {
    await test.store.setPolicy('observabilitySnapshots', {
      ...defaultPolicies.observabilitySnapshots,
      minimumKept: 0,
      ...policy,
    });
  }

  async function usage(): Promise<DatasetUsage> {
    const { datasets } = await test.store.usage();
    const found = datasets.find(({ dataset }) => dataset === 'observabilitySnapshots');
    assert.ok(found);
    return found;
  }

  it('G52: takes what is too old although there is room', async () => {
    const now = test.time.now();
    await test.store.setPolicy('timelineEvents', { ...defaultPolicies.timelineEvents, minimumKept: 1 });
    await test.history.append([eventAt(now - 400 * dayMs), eventAt(now - 29 * dayMs), eventAt(now)]);
    await test.enforcer.round();
    assert.deepEqual(await seqsOf(test.access, 'timelineEvents'), [2, 3]);
    assert.deepEqual(test.events, []);
  });

  it('keeps the newest records whatever their age', async () => {
    const now = test.time.now();
    await test.store.setPolicy('timelineEvents', { ...defaultPolicies.timelineEvents, minimumKept: 2 });
    await test.history.append([1, 2, 3].map((days) => eventAt(now - (400 - days) * dayMs)));
    await test.enforcer.round();
    assert.deepEqual(await seqsOf(test.access, 'timelineEvents'), [2, 3]);
  });

  it('G53: over its budget takes the oldest although they are young, and tells it once', async () => {
    await setPolicy({ budgetBytes: mebibyte });
    await addSnapshots(200, 1);
    await test.enforcer.round();
    const seqs = await seqsOf(test.access, 'observabilitySnapshots');
    const { databaseBytes } = await usage();
    assert.ok(databaseBytes <= mebibyte && databaseBytes > mebibyte * 0.85, `${databaseBytes}`);
    assert.deepEqual(
      seqs,
      Array.from({ length: seqs.length }, (_, index) => 201 - seqs.length + index),
    );
    assert.deepEqual(
      test.events.map(({ kind, dataset, budgetBytes }) => [kind, dataset, budgetBytes]),
      [
        ['warned', 'observabilitySnapshots', mebibyte],
        ['purged', 'observabilitySnapshots', mebibyte],
      ],
    );
    await addSnapshots(20, 0);
    await test.enforcer.round();
    assert.equal(test.events.length, 2);
    assert.equal(test.collecting.isOn('observabilitySnapshots'), true);
  });

  it('G53: stops collecting when all that is over budget must stay, says so once, and goes on when there is room', async () => {
    await setPolicy({ budgetBytes: mebibyte });
    await addSnapshots(200, 1);
    await test.holds.add({ id: 'h', dataset: 'observabilitySnapshots', holder: 'incident:1', at: 1 });
    await test.enforcer.round();
    await test.enforcer.round();
    assert.equal((await seqsOf(test.access, 'observabilitySnapshots')).length, 200);
    assert.equal(test.collecting.isOn('observabilitySnapshots'), false);
    assert.equal(test.collecting.isOn('timelineEvents'), true);
    assert.deepEqual(
      test.events.map(({ kind }) => kind),
      ['warned', 'stopped'],
    );
    await test.holds.remove('h');
    await test.enforcer.round();
    assert.equal(test.collecting.isOn('observabilitySnapshots'), true);
    assert.deepEqual(
      test.events.slice(2).map(({ kind }) => kind),
      ['purged', 'resumed'],
    );
  });

  it('stops collecting and takes nothing when it was told not to purge by itself', async () => {
    await setPolicy({ budgetBytes: mebibyte, autoPurgeOldest: false });
    await addSnapshots(200, 1);
    await test.enforcer.round();
    assert.equal((await seqsOf(test.access, 'observabilitySnapshots')).length, 200);
    assert.equal(test.collecting.isOn('observabilitySnapshots'), false);
  });

  it('G54: keeps what is pinned, by record and by time span, and measures what went', async () => {
    const now = test.time.now();
    await setPolicy({});
    await addSnapshots(100, 60);
    const before = await usage();
    await test.holds.add({ id: 'a', dataset: 'observabilitySnapshots', holder: 'person', seq: 3, at: now });
    await test.holds.add({
      id: 'b',
      dataset: 'observabilitySnapshots',
      holder: 'run:1',
      from: now - 45 * dayMs,
      to: now - 42 * dayMs,
      at: now,
    });
    await test.enforcer.round();
    const seqs = await seqsOf(test.access, 'observabilitySnapshots');
    assert.deepEqual(
      seqs.filter((seq) => seq <= 50),
      [3, 26, 27, 28, 29, 30, 31],
    );
    const after = await usage();
    assert.equal(after.heldRows, 7);
    assert.ok(after.databaseBytes < before.databaseBytes * 0.65);
    const [[free]] = test.access.database.query('PRAGMA freelist_count') as [[number]];
    assert.equal(free, 0);
  });

  /** Four records that a clock which is ahead makes too old one after the other. */
  async function addAging(): Promise<void> {
    const now = test.time.now();
    await setPolicy({ retentionDays: 30 });
    await test.records.append(
      'observabilitySnapshots',
      [29.5, 28.5, 27.5, 1].map((days, index) => recordAt(`r${index}`, now - days * dayMs)),
    );
    await test.enforcer.round();
  }

  for (const days of [1, 1000]) {
    it(`S100: a clock set ${days} days forward and back, or back and forward, takes nothing`, async () => {
      await addAging();
      for (const jump of [days, -days, -days, days]) {
        test.time.jump(jump * dayMs);
        for (let round = 0; round < 6; round++) {
          await test.enforcer.round();
          test.time.advance(10 * 60_000);
        }
      }
      assert.deepEqual(await seqsOf(test.access, 'observabilitySnapshots'), [1, 2, 3, 4]);
    });
  }

  it('S100: a clock that stays ahead, as after weeks off, is believed after a day of use, then by a day a round', async () => {
    await addAging();
    test.time.jump(1000 * dayMs);
    const left: number[] = [];
    for (let round = 0; round < 150; round++) {
      test.time.advance(round < 140 ? 0 : 10 * 60_000);
      await test.enforcer.round();
      left.push((await seqsOf(test.access, 'observabilitySnapshots')).length);
    }
    assert.deepEqual(left.slice(138), [4, 4, 4, 4, 4, 3, 2, 1, 1, 1, 1, 1]);
  });

  it('S100: rounds of other windows do not count as time that passed', async () => {
    await addAging();
    test.time.advance(20 * dayMs);
    test.time.jump(-20 * dayMs + 1000);
    const other = retentionOver(test.access, upkeepOf(test.access.database), { time: test.time });
    await other.enforcer.round();
    test.time.jump(1000 * dayMs);
    await test.enforcer.round();
    await other.enforcer.dispose();
    assert.equal((await seqsOf(test.access, 'observabilitySnapshots')).length, 4);
  });

  it('a record dated by a wrong clock takes no other with it', async () => {
    const now = test.time.now();
    await setPolicy({});
    const dates = [now + 900 * dayMs, 0, now - dayMs, now + dayMs, now];
    await test.records.append(
      'observabilitySnapshots',
      dates.map((at, index) => recordAt(`r${index}`, at)),
    );
    await test.enforcer.round();
    assert.deepEqual(await seqsOf(test.access, 'observabilitySnapshots'), [1, 3, 4, 5]);
  });

  it('does nothing once its lease was taken', async () => {
    const now = test.time.now();
    await test.store.setPolicy('timelineEvents', { ...defaultPolicies.timelineEvents, minimumKept: 0 });
    await test.history.append([eventAt(now - 400 * dayMs)]);
    test.access.beforeWrite = (statements) => {
      if (!statements.some(({ sql }) => sql.startsWith('DELETE FROM history_events'))) return;
      test.access.database.run("UPDATE leases SET holder = 'another', epoch = 2");
    };
    await assert.rejects(test.enforcer.round(), { reason: 'lease-lost' });
    assert.deepEqual(await seqsOf(test.access, 'timelineEvents'), [1]);
  });

  it('S99: frees room on a full disk, where only what frees may be written', async () => {
    const now = test.time.now();
    await test.store.setPolicy('timelineEvents', { ...defaultPolicies.timelineEvents, minimumKept: 0 });
    await test.history.append([eventAt(now - 400 * dayMs), eventAt(now)]);
    const { access, time } = test;
    const { enforcer } = retentionOver(access, upkeepOf(access.database), {
      time,
      leases: new StoredLeases(access, time),
    });
    access.beforeWrite = (_, { frees }) => {
      if (!frees) throw new Error('The disk is full');
    };
    await enforcer.round();
    await enforcer.dispose();
    assert.deepEqual(await seqsOf(access, 'timelineEvents'), [2]);
  });

  it('runs a minute after its start and then every ten, also after one that failed', async () => {
    let fails = true;
    test.access.beforeWrite = () => {
      if (fails) throw new Error('The disk is gone');
    };
    test.enforcer.start();
    test.time.advance(60_000);
    await settled(test);
    assert.ok(test.log.lines.some((line) => line.startsWith('warn Old records could not be purged')));
    fails = false;
    test.time.advance(10 * 60_000);
    await settled(test);
    assert.ok((await test.store.lastRound()) !== undefined);
  });

  it('takes hours of roll-ups after twelve times the retention, and minutes after a week', async () => {
    const now = test.time.now();
    const days = [400, 300, 8, 6];
    await test.history.append(days.map((each) => eventAt(now - each * dayMs)));
    await test.store.setPolicy('timelineEvents', { ...defaultPolicies.timelineEvents, minimumKept: 0 });
    await test.enforcer.round();
    const count = (table: string): unknown =>
      test.access.database.query(`SELECT sum(count) FROM ${table}`)[0]?.[0];
    assert.deepEqual([count('history_minutes'), count('history_hours')], [1, 3]);
  });

  it('G54: counts payloads once, and their rows go with the last record that refers to them', async () => {
    const now = test.time.now();
    await setPolicy({});
    const payload = 'INSERT INTO payloads (hash, key_id, bytes, created_at) VALUES (?, ?, ?, ?)';
    const reference = 'INSERT INTO payload_references (owner, hash) VALUES (?, ?)';
    await test.records.append('keySnapshots', [recordAt('old', now - 60 * dayMs), recordAt('new', now)]);
    await test.records.append('incidentArtifacts', [recordAt('kept', now)]);
    await test.store.setPolicy('keySnapshots', { ...defaultPolicies.keySnapshots, minimumKept: 0 });
    await test.access.write([
      ...['shared', 'alone'].map((hash) => ({ sql: payload, params: [hash, 'key', 1000, now] })),
      ...[
        ['keySnapshots/old', 'alone'],
        ['keySnapshots/old', 'shared'],
        ['incidentArtifacts/kept', 'shared'],
      ].map((params) => ({ sql: reference, params })),
    ]);
    const bytes = async (): Promise<number[]> => {
      const { datasets, payloadBytes } = await test.store.usage();
      const of = (name: string): number =>
        datasets.find(({ dataset }) => dataset === name)?.payloadBytes ?? -1;
      return [of('keySnapshots'), of('incidentArtifacts'), payloadBytes];
    };
    assert.deepEqual(await bytes(), [2000, 0, 2000]);
    await test.enforcer.round();
    assert.deepEqual(test.access.database.query('SELECT hash FROM payloads'), [['shared']]);
    assert.deepEqual(await bytes(), [0, 1000, 1000]);
  });
});

describe('The whole store over its budget', () => {
  const none = { rows: 0, databaseBytes: 0, payloadBytes: 0, heldRows: 0 };

  it('makes the least worth keeping give first, and no more than is needed', () => {
    const usage = (name: DatasetUsage['dataset'], mib: number): DatasetUsage => ({
      ...none,
      dataset: name,
      rows: 1000,
      databaseBytes: mib * mebibyte,
    });
    const datasets = [
      usage('observabilitySnapshots', 10),
      usage('timelineEvents', 120),
      usage('keySnapshots', 140),
    ];
    const rows = excessRows({ datasets, databaseBytes: 270 * mebibyte, payloadBytes: 0 }, defaultPolicies);
    assert.deepEqual(
      [...rows],
      [
        ['observabilitySnapshots', 1000],
        ['timelineEvents', Math.ceil((1000 * (270 - 10 - 256 * 0.95)) / 120)],
      ],
    );
    const fits = excessRows({ datasets, databaseBytes: 255 * mebibyte, payloadBytes: 0 }, defaultPolicies);
    assert.equal(fits.size, 0);
  });
});

/** Rounds begun by a timer are over. */
async function settled({ time }: TestRetention): Promise<void> {
  while (time.waiting === 0) await new Promise((resolve) => setImmediate(resolve));
}
