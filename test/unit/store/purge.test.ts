import assert from 'node:assert/strict';
import type { Hold } from '../../../src/engine/retention/holds';
import type { PurgeProgress } from '../../../src/engine/retention/purge';
import { seedOfRun, seededRandom } from '../../helpers/random';
import type { DirectAccess } from './directAccess';
import { type TestRetention, dayMs, eventAt, makeRetention, recordAt, seqsOf } from './retentionFixture';

const never = new AbortController().signal;

describe('A purge', () => {
  let test: TestRetention & { readonly access: DirectAccess };
  let now: number;
  beforeEach(async () => {
    test = await makeRetention();
    now = test.time.now();
  });
  afterEach(() => test.access.close());

  async function addEvents(count: number, days: number): Promise<void> {
    await test.history.append(Array.from({ length: count }, () => eventAt(now - days * dayMs)));
  }

  function failWrites(from: number): void {
    let writes = 0;
    test.access.beforeWrite = () => {
      if (++writes >= from) throw new Error('The disk is full');
    };
  }

  it('takes what its preview said, rows that arrived meanwhile never, whatever their time', async () => {
    await addEvents(50, 20);
    await addEvents(20, 1);
    const preview = await test.purges.preview({ datasets: ['timelineEvents'], before: now - 10 * dayMs });
    const [impact] = preview.impacts;
    assert.deepEqual(
      [impact?.rows, impact?.heldRows, impact?.oldestLeftAt, impact?.newestLeftAt],
      [50, 0, now - dayMs, now - dayMs],
    );
    assert.ok(impact && impact.databaseBytes > 0);
    assert.deepEqual(preview.losses, [{ kind: 'timeline', count: 50, from: now - 10 * dayMs }]);
    await addEvents(5, 30);
    const told: PurgeProgress[] = [];
    const done = await test.purges.run(preview.token, (progress) => void told.push(progress), never);
    assert.deepEqual([done.doneRows, done.remainingRows, done.stopped], [50, 0, undefined]);
    assert.deepEqual(told.at(-1)?.doneRows, 50);
    assert.deepEqual(
      await seqsOf(test.access, 'timelineEvents'),
      Array.from({ length: 25 }, (_, index) => 51 + index),
    );
  });

  it('G54: never takes what a resumable run or an open incident needs, even when it is held after the preview', async () => {
    await test.records.append(
      'workflowHistory',
      [1, 2, 3, 4].map((id) => ({
        ...recordAt(`r${id}`, now - 90 * dayMs),
        connectionId: id === 4 ? 'b' : 'a',
      })),
    );
    const hold = { dataset: 'workflowHistory', at: now } as const;
    await test.holds.add({ ...hold, id: 'h1', holder: 'run:1', seq: 1 });
    const { token, impacts } = await test.purges.preview({ datasets: ['workflowHistory'], before: now });
    assert.deepEqual([impacts[0]?.rows, impacts[0]?.heldRows], [3, 1]);
    await test.holds.add({ ...hold, id: 'h2', holder: 'incident:7', connectionId: 'b' });
    const done = await test.purges.run(token, () => undefined, never);
    assert.equal(done.remainingRows, 0);
    assert.deepEqual(await seqsOf(test.access, 'workflowHistory'), [1, 4]);
  });

  it('is refused when a hold of its preview is gone, since it would take more than was said', async () => {
    await addEvents(3, 20);
    await test.holds.add({ id: 'h', dataset: 'timelineEvents', holder: 'person', seq: 2, at: now });
    const { token } = await test.purges.preview({ datasets: ['timelineEvents'], before: now });
    await test.holds.remove('h');
    await assert.rejects(
      test.purges.run(token, () => undefined, never),
      { reason: 'stale' },
    );
    assert.equal((await seqsOf(test.access, 'timelineEvents')).length, 3);
  });

  it('is refused with a token that is unknown or older than 15 minutes', async () => {
    const { token } = await test.purges.preview({ datasets: ['alerts'], before: now });
    test.time.advance(15 * 60_000 + 1);
    await assert.rejects(
      test.purges.run(token, () => undefined, never),
      { reason: 'stale' },
    );
    await assert.rejects(
      test.purges.run('guessed', () => undefined, never),
      { reason: 'stale' },
    );
  });

  it('that fails half-way says what went and what remains, and the same token finishes it', async () => {
    await addEvents(3000, 20);
    await addEvents(10, 1);
    const { token } = await test.purges.preview({ datasets: ['timelineEvents'], before: now - 10 * dayMs });
    failWrites(2);
    const failed = await test.purges.run(token, () => undefined, never);
    assert.equal(failed.stopped, 'failed');
    assert.equal(failed.message, 'The disk is full');
    assert.ok(failed.doneRows > 0 && failed.remainingRows > 0);
    assert.equal(failed.doneRows + failed.remainingRows, 3000);
    assert.equal((await seqsOf(test.access, 'timelineEvents')).length, 3010 - failed.doneRows);
    test.access.beforeWrite = () => undefined;
    const done = await test.purges.run(token, () => undefined, never);
    assert.deepEqual([done.doneRows, done.remainingRows], [failed.remainingRows, 0]);
    assert.equal((await seqsOf(test.access, 'timelineEvents')).length, 10);
  });

  it('that is cancelled ends after its batch, and may be gone on with', async () => {
    await addEvents(3000, 20);
    const { token } = await test.purges.preview({ datasets: ['timelineEvents'], before: now });
    const cancel = new AbortController();
    const stopped = await test.purges.run(token, () => cancel.abort(), cancel.signal);
    assert.equal(stopped.stopped, 'cancelled');
    assert.ok(stopped.remainingRows > 0);
    assert.equal((await seqsOf(test.access, 'timelineEvents')).length, stopped.remainingRows);
    const done = await test.purges.run(token, () => undefined, never);
    assert.equal(done.doneRows, stopped.remainingRows);
  });

  it('of 100,000 rows goes in batches of at most 5,000, may use the reserve and gives the room back', async () => {
    test.access.database.run(`INSERT INTO history_events
      (id, timestamp, source, connection_id, action, duration_ms, status, attempts, correlation_id)
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
      SELECT hex(randomblob(16)), ${now - 20 * dayMs}, 'app', 'c', 'key.set', 1, 'success', 1, hex(randomblob(16)) FROM n`);
    test.access.database.run('INSERT INTO history_hours VALUES (?, ?, ?, 100000, 0, 0, 1, 100000)', [
      Math.floor((now - 20 * dayMs) / 3_600_000),
      'c',
      'success',
    ]);
    await addEvents(100, 1);
    const before = test.access.database.export().length;
    const { token, impacts } = await test.purges.preview({
      datasets: ['timelineEvents'],
      before: now - dayMs,
    });
    assert.equal(impacts[0]?.rows, 100_000);
    const frees = new Set<boolean | undefined>();
    test.access.beforeWrite = (_, options) => void frees.add(options.frees);
    let last = 0;
    let largest = 0;
    const done = await test.purges.run(
      token,
      ({ doneRows }) => {
        largest = Math.max(largest, doneRows - last);
        last = doneRows;
      },
      never,
    );
    assert.deepEqual([done.doneRows, done.remainingRows], [100_000, 0]);
    assert.ok(largest <= 5000 && largest > 500, `${largest}`);
    assert.deepEqual([...frees], [true]);
    const after = test.access.database.export().length;
    assert.equal(done.freedBytes, before - after);
    // What was foretold is a share of pages; what the file gave back has the pages that the tree above them took.
    assert.ok(Math.abs(done.freedBytes - impacts[0].databaseBytes) < before * 0.05);
    test.access.database.exec('VACUUM');
    assert.ok(after <= test.access.database.export().length * 1.15);
  });

  it('frees the payload files that only its records refer to, and foretells them', async () => {
    await test.records.append('keySnapshots', [recordAt('a', 1), recordAt('b', now)]);
    await test.records.append('incidentArtifacts', [recordAt('c', 1)]);
    const references = {
      one: ['keySnapshots/a'],
      two: ['keySnapshots/a', 'keySnapshots/b'],
      three: ['keySnapshots/a', 'incidentArtifacts/c'],
    };
    for (const [hash, owners] of Object.entries(references)) {
      await test.access.write([
        { sql: "INSERT INTO payloads VALUES (?, 'key', 100, 0)", params: [hash] },
        ...owners.map((owner) => ({
          sql: 'INSERT INTO payload_references (owner, hash) VALUES (?, ?)',
          params: [owner, hash],
        })),
      ]);
    }
    const one = await test.purges.preview({ datasets: ['keySnapshots'], before: now });
    assert.deepEqual(
      one.impacts.map(({ payloadBytes }) => payloadBytes),
      [100],
    );
    const both = await test.purges.preview({ datasets: ['keySnapshots', 'incidentArtifacts'], before: now });
    assert.deepEqual(
      both.impacts.map(({ payloadBytes }) => payloadBytes),
      [200, 0],
    );
    await test.purges.run(both.token, () => undefined, never);
    assert.deepEqual(test.access.database.query('SELECT hash FROM payloads'), [['two']]);
  });

  it('of any records with any holds takes exactly what a model says', async () => {
    const random = seededRandom(seedOfRun());
    for (let round = 0; round < 40; round++) {
      const why = `seed ${random.seed}, round ${round}`;
      const before = random.below(100);
      await test.access.write([
        { sql: 'DELETE FROM alert_events', params: [] },
        { sql: 'DELETE FROM holds', params: [] },
      ]);
      const rows = Array.from({ length: 1 + random.below(60) }, (_, index) => ({
        ...recordAt(`r${round}-${index}`, random.below(120)),
        ...(random.chance(0.7) && { connectionId: random.pick(['a', 'b']) }),
      }));
      await test.records.append('alerts', rows);
      const seqs = await seqsOf(test.access, 'alerts');
      const holds = Array.from({ length: random.below(4) }, (_, index): Hold => {
        const from = random.below(120);
        return {
          id: `${index}`,
          dataset: random.pick(['alerts', 'alerts', 'timelineEvents'] as const),
          holder: 'run:1',
          at: 0,
          ...(random.chance(0.4)
            ? { seq: random.pick(seqs) }
            : { ...(random.chance(0.8) && { from }), to: from + 10 }),
          ...(random.chance(0.3) && { connectionId: random.pick(['a', 'b']) }),
        };
      });
      for (const hold of holds) await test.holds.add(hold);
      const isKept = (row: (typeof rows)[number], seq: number): boolean =>
        row.at >= before ||
        holds.some((hold) => {
          if (hold.dataset !== 'alerts') return false;
          if (hold.seq !== undefined) return hold.seq === seq;
          const ofConnection = hold.connectionId === undefined || hold.connectionId === row.connectionId;
          return ofConnection && row.at >= (hold.from ?? 0) && row.at <= (hold.to ?? 0);
        });
      const expected = seqs.filter((seq, index) => isKept(rows[index]!, seq));
      const { token, impacts } = await test.purges.preview({ datasets: ['alerts'], before });
      assert.equal(impacts[0]?.rows, rows.length - expected.length, why);
      assert.equal(impacts[0].heldRows, rows.filter(({ at }) => at < before).length - impacts[0].rows, why);
      await test.purges.run(token, () => undefined, never);
      assert.deepEqual(await seqsOf(test.access, 'alerts'), expected, why);
    }
  });
});
