import assert from 'node:assert/strict';
import { AppliedRequests, requestId } from '../../../src/providers/store/appliedRequests';
import { latestVersion, migrate } from '../../../src/providers/store/migrate';
import { migrations } from '../../../src/providers/store/migrations';
import type { Sqlite } from '../../../src/providers/store/sqlite';
import { seededRandom } from '../../helpers/random';
import { sqlite } from './storeFixture';

describe('Requests that were applied', () => {
  let database: Sqlite;
  beforeEach(async () => {
    database = (await sqlite())();
    migrate(database, migrations, latestVersion(migrations));
  });
  afterEach(() => database.close());

  function runs(): unknown[] {
    return database.query('SELECT client, first, last, at FROM applied_runs ORDER BY client, first');
  }

  it('are a run of numbers a client, with a gap where one was refused', () => {
    const applied = AppliedRequests.in(database);
    for (const [number, at] of [
      [1, 10],
      [2, 20],
      [4, 40],
    ] as const) {
      assert.equal(applied.stage(requestId('a', number), at), true);
    }
    applied.stage(requestId('b', 7), 70);
    applied.commit();
    applied.save(database);
    assert.deepEqual(runs(), [
      ['a', 1, 2, 20],
      ['a', 4, 4, 40],
      ['b', 7, 7, 70],
    ]);
    const loaded = AppliedRequests.in(database);
    assert.deepEqual(
      [1, 2, 3, 4, 5].map((number) => loaded.stage(requestId('a', number), 50)),
      [false, false, true, false, true],
    );
    loaded.commit();
    loaded.save(database);
    assert.deepEqual(runs(), [
      ['a', 1, 5, 50],
      ['b', 7, 7, 70],
    ]);
  });

  it('are what they were when a commit is taken back, or one of its requests refused', () => {
    const applied = AppliedRequests.in(database);
    applied.stage('a/000000001', 1);
    applied.rollback();
    assert.equal(applied.stage('a/000000001', 1), true);
    assert.equal(applied.stage('a/000000001', 1), false, 'twice in one commit');
    applied.unstage('a/000000001');
    applied.commit();
    assert.equal(applied.stage('a/000000001', 1), true);
  });

  it('are known when an earlier version saved them, each with a row of its own', () => {
    const insert = 'INSERT INTO applied_requests (id, at) VALUES (?, ?)';
    for (const id of ['a/000000002', 'a/000000001', 'by-hand']) database.run(insert, [id, 5]);
    const applied = AppliedRequests.in(database);
    const ids = ['a/000000001', 'a/000000002', 'a/000000003', 'by-hand', 'by-hand/000000000', 'a/1'];
    assert.deepEqual(
      ids.map((id) => applied.stage(id, 6)),
      [false, false, true, false, true, true],
    );
    applied.rollback();
    applied.save(database);
    assert.deepEqual(runs(), [
      ['a', 1, 2, 5],
      ['by-hand', -1, -1, 5],
    ]);
    assert.deepEqual(database.query('SELECT * FROM applied_requests'), []);
  });

  it('are the same as a set of ids in any order, over snapshots', () => {
    const random = seededRandom(7);
    let applied = AppliedRequests.in(database);
    const ids = new Set<string>();
    for (let step = 0; step < 3000; step++) {
      const id = requestId(`client-${random.below(3)}`, random.below(400));
      assert.equal(applied.stage(id, step), !ids.has(id), id);
      const [isRefused, isTakenBack] = [random.chance(0.2), random.chance(0.2)];
      if (isRefused) applied.unstage(id);
      else if (isTakenBack) applied.rollback();
      else ids.add(id);
      applied.commit();
      if (step % 500 === 0) {
        applied.save(database);
        applied = AppliedRequests.in(database);
      }
    }
  });
});
