import assert from 'node:assert/strict';
import { pageUsage } from '../../../src/providers/store/pageUsage';
import { enableIncrementalVacuum, shrinkStep } from '../../../src/providers/store/shrink';
import type { Sqlite } from '../../../src/providers/store/sqlite';
import { seedOfRun, seededRandom } from '../../helpers/random';
import { sqlite } from './storeFixture';

/** Rows of every size: in a leaf, with an inner page above, with a chain of overflow pages. */
function fill(database: Sqlite): void {
  database.exec(`
    CREATE TABLE plain (id INTEGER PRIMARY KEY, text TEXT, bytes BLOB);
    CREATE INDEX plain_by_text ON plain (text);
    CREATE TABLE keyed (k TEXT PRIMARY KEY, bytes BLOB) WITHOUT ROWID;
    CREATE TABLE bare (a);
    CREATE VIEW seen AS SELECT 1;
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
      INSERT INTO plain SELECT i, hex(zeroblob(i % 40)) || i, zeroblob(CASE WHEN i % 50 = 0 THEN i * 9 ELSE i % 70 END) FROM n;
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)
      INSERT INTO keyed SELECT hex(zeroblob(i)) || i, zeroblob(i % 300) FROM n;`);
}

function toObject(bytes: ReadonlyMap<string, number> | undefined): Record<string, number> {
  return Object.fromEntries(bytes ?? []);
}

describe('Bytes of a database by table', () => {
  let database: Sqlite;
  beforeEach(async () => {
    database = (await sqlite())();
  });
  afterEach(() => database.close());

  // The figures are those of SQLite's own dbstat for the same files.
  it('are what SQLite itself counts', () => {
    fill(database);
    const whole = database.export();
    assert.deepEqual(toObject(pageUsage(whole)?.bytes), {
      plain: 1302528,
      keyed: 2957312,
      bare: 4096,
      '': 12288,
    });
    database.run('DELETE FROM plain WHERE id % 4 <> 0');
    database.run('DELETE FROM keyed WHERE length(k) < 900');
    const purged = database.export();
    assert.equal(purged.length, whole.length);
    assert.deepEqual(toObject(pageUsage(purged)?.bytes), {
      plain: 589824,
      keyed: 2285568,
      bare: 4096,
      '': 1396736,
    });
  });

  it('sum up to the size of the file, and are whole', () => {
    fill(database);
    const file = database.export();
    const usage = pageUsage(file);
    assert.equal(
      [...(usage?.bytes.values() ?? [])].reduce((sum, each) => sum + each, 0),
      file.length,
    );
    assert.equal(usage?.isPartial, false);
  });

  it('of a damaged file never throw, and still sum up', () => {
    fill(database);
    const file = Buffer.from(database.export());
    const random = seededRandom(seedOfRun());
    for (let round = 0; round < 100; round++) {
      const damaged = Buffer.from(file);
      for (let flips = 1 + random.below(30); flips > 0; flips--) {
        const page = random.below(damaged.length / 4096) * 4096;
        damaged[page + random.below(random.pick([20, 200, 4096]))] = random.below(256);
      }
      const usage = pageUsage(damaged);
      const sum = [...(usage?.bytes.values() ?? [])].reduce((total, each) => total + each, 0);
      assert.equal(sum, usage ? damaged.length : 0, `seed ${random.seed}, round ${round}`);
    }
  });

  it('of a page that is not of a tree count under no table, and it is said', () => {
    fill(database);
    const file = Buffer.from(database.export());
    const [[root]] = database.query("SELECT rootpage FROM sqlite_schema WHERE name = 'keyed'") as [[number]];
    file[(root - 1) * 4096] = 99;
    const usage = pageUsage(file);
    assert.equal(usage?.isPartial, true);
    assert.equal(usage.bytes.get('keyed'), 0);
    assert.deepEqual(pageUsage(Buffer.from('no database')), undefined);
  });
});

describe('Shrinking a database', () => {
  let database: Sqlite;
  beforeEach(async () => {
    database = (await sqlite())();
  });
  afterEach(() => database.close());

  function shrink(): number {
    let steps = 1;
    while (shrinkStep(database) > 0) steps++;
    return steps;
  }

  function sizeAnew(): number {
    database.exec('VACUUM');
    return database.export().length;
  }

  it('T93, N16: gives every free page back, not one a step', () => {
    fill(database);
    database.run('DELETE FROM plain WHERE id % 100 <> 0');
    const free = Number(database.query('PRAGMA freelist_count')[0]?.[0]);
    assert.ok(free > 100);
    const before = database.export().length;
    assert.ok(shrink() < free / 8);
    assert.equal(database.export().length <= before - free * 4096, true);
  });

  it('after three quarters of it went ends within 15 % of its live data', () => {
    fill(database);
    database.run('DELETE FROM plain WHERE id <= 2250');
    database.run('DELETE FROM keyed WHERE length(k) < 1350');
    shrink();
    const size = database.export().length;
    assert.ok(size <= sizeAnew() * 1.15, `${size}`);
    assert.deepEqual(database.query('PRAGMA integrity_check'), [['ok']]);
  });

  it('gives steps of a bounded time: each ends once its time is over', () => {
    fill(database);
    database.run('DELETE FROM plain');
    const free = Number(database.query('PRAGMA freelist_count')[0]?.[0]);
    let time = 0;
    assert.equal(
      shrinkStep(database, () => (time += 6)),
      free - 2 * 32,
    );
  });

  it('works in a database that was made without it, once it was enabled, and keeps its rows', () => {
    database.exec('PRAGMA auto_vacuum = NONE; VACUUM');
    fill(database);
    assert.deepEqual(database.query('PRAGMA auto_vacuum'), [[0]]);
    const rows = database.query('SELECT id, text, length(bytes) FROM plain');
    enableIncrementalVacuum(database);
    enableIncrementalVacuum(database);
    assert.deepEqual(database.query('PRAGMA auto_vacuum'), [[2]]);
    assert.deepEqual(database.query('SELECT id, text, length(bytes) FROM plain'), rows);
    const before = database.export().length;
    database.run('DELETE FROM keyed');
    shrink();
    assert.ok(database.export().length < before);
  });
});
