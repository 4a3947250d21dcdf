import assert from 'node:assert/strict';
import { migrate } from '../../../src/providers/store/migrate';
import { migrations } from '../../../src/providers/store/migrations';
import type { SqlValue, Statement } from '../../../src/providers/store/statement';
import { seedOfRun, seededRandom } from '../../helpers/random';
import { makeCore, sqlite, temporaryFolder, transaction, write } from './storeFixture';

const insert =
  'INSERT INTO history_events (id, timestamp, source, connection_id, action, duration_ms, status, attempts, correlation_id)';

function event(at: number, connection: string | null, durationMs: number, status: string): Statement {
  return {
    sql: `${insert} VALUES ('e', ?, 'app', ?, 'key.get', ?, ?, 1, 'c')`,
    params: [at, connection, durationMs, status],
  };
}

function counted(table: string, bucketMs: number): string {
  return `SELECT timestamp / ${bucketMs}, coalesce(connection_id, ''), status, count(*),
    sum(CAST(round(duration_ms * 1000) AS INTEGER)), max(CAST(round(duration_ms * 1000) AS INTEGER)), min(seq), max(seq)
    FROM ${table} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
}

type Read = (sql: string, params: readonly SqlValue[]) => SqlValue[][];

/** The roll-ups hold what counting every event there ever was would find. */
function assertCounted(read: Read, from = 'history_events'): void {
  for (const [table, bucketMs] of [
    ['history_minutes', 60_000],
    ['history_hours', 3_600_000],
  ] as const) {
    const found = read(`SELECT * FROM ${table} ORDER BY bucket, connection_id, status`, []);
    assert.deepEqual(found, read(counted(from, bucketMs), []));
    assert.ok(found.length > 0);
  }
}

describe('Roll-ups of the history', () => {
  let folder: string;
  let remove: () => void;
  beforeEach(() => ({ folder, remove } = temporaryFolder()));
  afterEach(() => remove());

  it('count every event with the commit it came with, refused ones never', async () => {
    const { core } = await makeCore({ folder });
    core.open();
    const bad = transaction(event(60_000, 'a', 1, 'success'), {
      sql: 'INSERT INTO nowhere VALUES (1)',
      params: [],
    });
    const refusals = write(
      core,
      transaction(event(60_001, 'a', 1.5, 'success'), event(59_999, null, 2, 'error')),
      bad,
      transaction(event(61_000, 'a', 0.0004, 'success')),
    );
    assert.deepEqual(
      refusals.map((refusal) => refusal?.reason),
      [undefined, 'store-refused', undefined],
    );
    assertCounted((sql, params) => core.read(sql, params));
    assert.deepEqual(core.read('SELECT * FROM history_minutes', []), [
      [0, '', 'error', 1, 2000, 2000, 2, 2],
      [1, 'a', 'success', 2, 1500, 1500, 1, 3],
    ]);
    core.close();
  });

  it('count in this code as the database does, whatever an event says', async () => {
    const odd: readonly Statement[] = [
      event(0, 'a', 0.0005, 'success'),
      event(59_999, 'a', 1.0005, 'success'),
      event(60_000, '', 2.4995, 'success'),
      event(60_000, null, -1, 'success'),
      event(-1, null, 1e300, 'success'),
      event(Number.MAX_SAFE_INTEGER, "it's", 1e9, 'error'),
      event(3_600_000, 'a', 0, 'error'),
    ];
    // Statements whose values cannot be told from their text, so that only the database can count them.
    const told = odd.map(({ sql, params }) => ({
      sql: sql.replace("'key.get'", "lower('key.get')"),
      params,
    }));
    const found = [];
    for (const statements of [odd, told, [...odd.slice(0, 3), ...told.slice(3)]]) {
      const { folder: own, remove: removeOwn } = temporaryFolder();
      const { core } = await makeCore({ folder: own });
      core.open();
      for (const statement of statements) assert.deepEqual(write(core, transaction(statement)), [undefined]);
      found.push(
        ['history_minutes', 'history_hours'].map((table) => core.read(`SELECT * FROM ${table}`, [])),
      );
      core.close();
      removeOwn();
    }
    assert.equal(found[0]?.[0]?.length, 5);
    assert.deepEqual(found[0], found[1]);
    assert.deepEqual(found[0], found[2]);
  });

  it('count an event that its own transaction takes away again as the database finds it', async () => {
    const { core } = await makeCore({ folder });
    core.open();
    const purge = { sql: 'DELETE FROM history_events WHERE seq = 2', params: [] };
    write(core, transaction(event(0, 'a', 1, 'success')));
    write(core, transaction(event(0, 'a', 1, 'success'), purge), transaction(event(0, 'a', 1, 'success')));
    assertCounted((sql, params) => core.read(sql, params));
    core.close();
  });

  it('survive any mix of appends, purges, checkpoints and restarts, though what they counted goes', async () => {
    const random = seededRandom(seedOfRun());
    const below = (limit: number): number => random.below(limit);
    const { core, time } = await makeCore({ folder });
    core.open();
    const all = 'CREATE TABLE every_event AS SELECT * FROM history_events WHERE 0';
    write(core, transaction({ sql: all, params: [] }));
    const keepAll =
      'CREATE TRIGGER keep_all AFTER INSERT ON history_events BEGIN INSERT INTO every_event SELECT * FROM history_events WHERE seq = NEW.seq; END';
    write(core, transaction({ sql: keepAll, params: [] }));
    for (let round = 0; round < 200; round++) {
      const group = Array.from({ length: 1 + below(4) }, () => {
        if (below(6) === 0) {
          const purge = 'DELETE FROM history_events WHERE seq <= (SELECT max(seq) FROM history_events) - ?';
          return transaction({ sql: purge, params: [below(5)] });
        }
        const count = 1 + below(3);
        return transaction(
          ...Array.from({ length: count }, () =>
            event(
              below(20_000_000),
              random.pick(['a', 'b', null]),
              below(50_000) / 7,
              random.pick(['success', 'error']),
            ),
          ),
        );
      });
      for (const refusal of write(core, ...group)) assert.equal(refusal, undefined, `seed ${random.seed}`);
      if (below(40) === 0) time.advance(5 * 60_000);
      if (below(20) === 0) {
        core.close();
        core.open();
      }
    }
    assertCounted((sql, params) => core.read(sql, params), 'every_event');
    core.close();
  });

  it('count what an upgraded store holds already', async () => {
    const database = (await sqlite())();
    migrate(database, migrations, 1);
    for (let i = 0; i < 1000; i++) {
      const { sql, params } = event(i * 7919, `c${i % 3}`, i / 3, i % 9 === 0 ? 'error' : 'success');
      database.run(sql, params);
    }
    migrate(database, migrations, 2);
    assertCounted((sql, params) => database.query(sql, params));
    database.close();
  });
});
