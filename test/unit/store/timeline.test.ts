import assert from 'node:assert/strict';
import type { HistoryEvent, HistoryQuery } from '../../../src/engine/kernel/history';
import { StoredActivity } from '../../../src/providers/store/activityStore';
import { StoredHistory } from '../../../src/providers/store/historyStore';
import { RowParser } from '../../../src/providers/store/rowParser';
import { seedOfRun, seededRandom } from '../../helpers/random';
import { type DirectAccess, directAccess } from './directAccess';
import { eventAt } from './retentionFixture';
import { keptLog } from './storeFixture';

const hourMs = 3_600_000;
const statuses = ['success', 'error', 'blocked', 'unknown'] as const;

describe('The timeline', () => {
  let access: DirectAccess;
  let history: StoredHistory;
  beforeEach(async () => {
    access = await directAccess();
    history = new StoredHistory(access, new RowParser(keptLog()));
  });
  afterEach(() => access.close());

  /** All that a query gives, page by page. */
  async function pages(query: HistoryQuery): Promise<number[]> {
    const seqs: number[] = [];
    for (;;) {
      const beforeSeq = seqs.at(-1);
      const page = await history.list({ ...query, ...(beforeSeq !== undefined && { beforeSeq }) });
      seqs.push(...page.map(({ seq }) => seq));
      if (page.length < query.limit) return seqs;
    }
  }

  it('G41: finds the few that match behind the many that do not', async () => {
    const rare: HistoryEvent = { ...eventAt(5), status: 'error', action: 'key.Delete' };
    await history.append([rare, ...Array.from({ length: 300 }, () => eventAt(5))]);
    for (const query of [
      { status: 'error' },
      { action: 'DELETE' },
      { status: 'error', from: 5, to: 5 },
    ] as const) {
      const found = await history.list({ ...query, limit: 50 });
      assert.deepEqual(
        found.map(({ seq }) => seq),
        [1],
      );
    }
  });

  it('walks on when a part of the history holds no match', async () => {
    access.database.run(`INSERT INTO history_events
      (id, timestamp, source, connection_id, action, duration_ms, status, attempts, correlation_id)
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120000)
      SELECT 'e', i, 'app', 'c', CASE WHEN i % 59000 = 1 THEN 'rare' ELSE 'key.get' END, 1, 'success', 1, 'c' FROM n`);
    assert.deepEqual(await pages({ action: 'rare', limit: 1 }), [118_001, 59_001, 1]);
  });

  it('finds the events of an action in the index, however few among many they are', () => {
    const plan = access.database.query(
      'EXPLAIN QUERY PLAN SELECT * FROM history_events WHERE seq > 0 AND seq < 9 AND action = ? ORDER BY seq DESC LIMIT 5',
      ['rare'],
    );
    assert.match(JSON.stringify(plan), /INDEX history_by_action \(action=\? AND rowid/);
    assert.doesNotMatch(JSON.stringify(plan), /TEMP B-TREE/);
  });

  it('puts pages of several actions together in order, be they few or more than are read by index', async () => {
    for (const actions of [3, 40]) {
      await history.append(
        Array.from({ length: 200 }, (_, index) => ({
          ...eventAt(5),
          action: `n${actions}.${index % actions}`,
        })),
      );
      const found = await pages({ action: `N${actions}.`, limit: 7 });
      const last = await history.lastSeq();
      assert.deepEqual(
        found,
        Array.from({ length: 200 }, (_, index) => last - index),
      );
    }
  });

  it('gives for any filter, and any clock, what comparing every event gives', async () => {
    const random = seededRandom(seedOfRun());
    const events = Array.from({ length: 500 }, (_, index): HistoryEvent => ({
      // Time passes, and sometimes the clock is wrong by hours.
      ...eventAt(
        100 * hourMs + index * 100_000 + (random.chance(0.1) ? (random.below(60) - 30) * hourMs : 0),
      ),
      ...(random.chance(0.8) && { connectionId: random.pick(['a', 'b']) }),
      status: random.pick(statuses),
      action: random.pick(['key.get', 'key.set', 'scan']),
    }));
    await history.append(events);
    for (let round = 0; round < 60; round++) {
      const from = 95 * hourMs + random.below(20 * hourMs);
      const query = {
        limit: 1 + random.below(40),
        ...(random.chance(0.5) && { connectionId: random.pick(['a', 'b']) }),
        ...(random.chance(0.5) && { status: random.pick(statuses) }),
        ...(random.chance(0.5) && { action: random.pick(['key', 'SCAN', 'nothing']) }),
        ...(random.chance(0.6) && { from }),
        ...(random.chance(0.6) && { to: from + random.below(10 * hourMs) }),
      };
      const matching = events.flatMap((event, index) => {
        const matches =
          (query.connectionId === undefined || event.connectionId === query.connectionId) &&
          (query.status === undefined || event.status === query.status) &&
          (query.action === undefined || event.action.includes(query.action.toLowerCase())) &&
          event.timestamp >= (query.from ?? 0) &&
          event.timestamp <= (query.to ?? Infinity);
        return matches ? [index + 1] : [];
      });
      assert.deepEqual(await pages(query), matching.toReversed(), `seed ${random.seed}, round ${round}`);
    }
  });

  it('has an overview by connection and time that says what counting the events says', async () => {
    const activity = new StoredActivity(access);
    const at = 100 * hourMs;
    await history.append([
      { ...eventAt(at, 'a'), durationMs: 1.5 },
      { ...eventAt(at + 1, 'a'), durationMs: 2.5, status: 'error' },
      { ...eventAt(at + 2 * hourMs, 'a'), durationMs: 8 },
      { ...eventAt(at + 3 * hourMs), durationMs: 0 },
    ]);
    const none = { success: 0, error: 0, blocked: 0, unknown: 0 };
    const { buckets, total } = await activity.overview({
      from: at + 5,
      to: at + 2 * hourMs,
      bucketMs: 2 * hourMs,
    });
    assert.deepEqual(buckets, [
      { at, connectionId: 'a', counts: { ...none, success: 1, error: 1 }, meanMs: 2, maxMs: 2.5 },
      { at: at + 2 * hourMs, counts: { ...none, success: 1 }, meanMs: 0, maxMs: 0 },
      { at: at + 2 * hourMs, connectionId: 'a', counts: { ...none, success: 1 }, meanMs: 8, maxMs: 8 },
    ]);
    assert.deepEqual(total, { counts: { ...none, success: 3, error: 1 }, meanMs: 3, maxMs: 8 });
    const close = await activity.overview({ from: at, to: at + 59_999, bucketMs: 60_000, connectionId: 'a' });
    assert.deepEqual(
      close.buckets.map((bucket) => [bucket.at, bucket.maxMs]),
      [[at, 2.5]],
    );
    assert.deepEqual((await activity.overview({ from: 0, to: 1, bucketMs: hourMs })).total, {
      counts: none,
      meanMs: 0,
      maxMs: 0,
    });
    await assert.rejects(activity.overview({ from: 0, to: 1, bucketMs: 90_000 }), { reason: 'invalid' });
    await assert.rejects(activity.overview({ from: 0, to: 1, bucketMs: 0 }), { reason: 'invalid' });
  });
});
