import assert from 'node:assert/strict';
import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { latestVersion, migrate } from '../../../src/providers/store/migrate';
import { migrations } from '../../../src/providers/store/migrations';
import type { Sqlite } from '../../../src/providers/store/sqlite';
import { type SqlValue, type Statement } from '../../../src/providers/store/statement';
import { nodeFiles } from '../../../src/providers/store/storeFiles';
import { freezeFiles } from '../../../src/providers/store/frozenFiles';
import { loadStore } from '../../../src/providers/store/loadStore';
import { checkDatabase, checkFiles, verdictOf } from '../../../src/providers/store/verifyStore';
import { repositoryRoot } from '../../helpers/repository';
import { makeCore, saveRow, sqlite, temporaryFolder, transaction, write } from './storeFixture';

const fiveMinutes = 5 * 60_000;

describe('A check of the store', () => {
  let folder: string;
  let remove: () => void;
  let inUse: Sqlite | undefined;
  beforeEach(() => ({ folder, remove } = temporaryFolder()));
  afterEach(() => {
    inUse?.close();
    inUse = undefined;
    remove();
  });

  /** Two snapshots with journals before, between and after them, and the database as it was then. */
  async function fill(): Promise<Sqlite> {
    const { core, time } = await makeCore({ folder });
    core.open();
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      write(core, saveRow(id));
      write(core, transaction(...events(id)));
      if (id === 'b' || id === 'd') time.advance(fiveMinutes);
    }
    core.close();
    return (inUse = (await load()).database);
  }

  function events(id: string): Statement[] {
    const sql = 'INSERT INTO key_snapshots (id, at, json) VALUES (?, ?, ?)';
    const values: SqlValue[][] = [[id, 1, '{}'], [`${id}2`, 2, '{}']]; // prettier-ignore
    return values.map((params) => ({ sql, params }));
  }

  async function load(): Promise<ReturnType<typeof loadStore>> {
    return loadStore({ files: nodeFiles, folder, migrations, openDatabase: await sqlite() });
  }

  async function verify(database: Sqlite): Promise<ReturnType<typeof verdictOf>> {
    const openDatabase = await sqlite();
    const frozen = freezeFiles(nodeFiles, folder);
    const options = { files: nodeFiles, folder, migrations, openDatabase };
    const inUse = checkDatabase(database.export(), openDatabase);
    return verdictOf(inUse, checkFiles(frozen, inUse.version, options));
  }

  const names = (ending: string): string[] => readdirSync(folder).filter((name) => name.endsWith(ending)).sort(); // prettier-ignore

  /** Changes one byte in the middle of a file. */
  function damage(name: string): void {
    const bytes = readFileSync(join(folder, name));
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = bytes[middle]! ^ 0xff;
    writeFileSync(join(folder, name), bytes);
  }

  it('finds a sound one sound, and says of each table how many rows it has', async () => {
    const report = await verify(await fill());
    assert.deepEqual([report.isSound, report.integrity, report.damage], [true, ['ok'], []]);
    const rows = Object.fromEntries(report.tables.map(({ table, rows: count }) => [table, count]));
    assert.deepEqual([rows['profiles'], rows['key_snapshots'], rows['history_events']], [5, 10, 0]);
    assert.ok(
      report.tables.every(({ agrees, rows: count, replayedRows }) => agrees && count === replayedRows),
    );
    assert.ok(!('applied_requests' in rows || 'applied_runs' in rows));
  });

  it('changes no file', async () => {
    const database = await fill();
    const before = names('').map((name) => [name, readFileSync(join(folder, name))]);
    await verify(database);
    assert.deepEqual(names('').map((name) => [name, readFileSync(join(folder, name))]), before); // prettier-ignore
  });

  it('finds the row that is in the database and not in the files, and the one that differs', async () => {
    const database = await fill();
    database.run("INSERT INTO profiles (id, json, position) VALUES ('lost', '{}', 0)");
    database.run("UPDATE key_snapshots SET json = '[]' WHERE id = 'c'");
    const report = await verify(database);
    assert.equal(report.isSound, false);
    const bad = report.tables.filter(({ agrees }) => !agrees);
    assert.deepEqual(bad, [
      { table: 'key_snapshots', rows: 10, replayedRows: 10, agrees: false },
      { table: 'profiles', rows: 6, replayedRows: 5, agrees: false },
    ]);
  });

  it('finds a table that the files do not have, and a value that only looks the same', async () => {
    const database = await fill();
    database.run('CREATE TABLE more (a)');
    database.run("UPDATE key_snapshots SET json = CAST(json AS BLOB) WHERE id = 'c'");
    const report = await verify(database);
    const bad = report.tables.filter(({ agrees }) => !agrees);
    assert.deepEqual(bad.map(({ table }) => table), ['key_snapshots', 'more']); // prettier-ignore
  });

  it('finds a damaged newest snapshot, which the one before it and the journals replace', async () => {
    const database = await fill();
    damage(names('.sqlite').at(-1)!);
    const report = await verify(database);
    assert.deepEqual([report.isSound, report.damage], [false, [{ kind: 'damagedSnapshots', count: 1 }]]);
    assert.ok(report.tables.every(({ agrees }) => agrees));
  });

  it('finds a damaged older snapshot, which loading would not meet', async () => {
    const database = await fill();
    assert.equal(names('.sqlite').length, 2);
    damage(names('.sqlite')[0]!);
    assert.deepEqual((await verify(database)).damage, [{ kind: 'damagedSnapshots', count: 1 }]);
  });

  it('finds a damaged journal and what is lost with it', async () => {
    const database = await fill();
    damage(names('.log').at(-1)!);
    const report = await verify(database);
    assert.equal(report.isSound, false);
    assert.ok(report.damage.some(({ kind, count }) => kind === 'cutJournals' && count === 1));
    assert.equal(report.tables.find(({ table }) => table === 'key_snapshots')?.agrees, false);
  });

  it('hands on what SQLite complains about', async () => {
    const database = await fill();
    database.run('PRAGMA writable_schema = ON');
    const root = "SELECT rootpage FROM sqlite_schema WHERE name = 'namespaces_by_connection'";
    database.run(`UPDATE sqlite_schema SET rootpage = (${root}) WHERE name = 'saved_searches_by_connection'`);
    const bytes = database.export();
    database.close();
    inUse = (await sqlite())(bytes);
    const report = await verify(inUse);
    assert.equal(report.isSound, false);
    assert.ok(report.integrity.length > 0 && report.integrity[0] !== 'ok');
  });

  it('compares a store that was upgraded in memory and has no checkpoint since', async () => {
    cpSync(join(repositoryRoot, 'test/fixtures/store/v1/journalOnly'), folder, { recursive: true });
    const { core } = await makeCore({ folder });
    core.open();
    core.close();
    const { database } = await load();
    migrate(database, migrations, latestVersion(migrations));
    inUse = database;
    const report = await verify(database);
    assert.deepEqual([report.isSound, report.damage], [true, []]);
    assert.equal(report.tables.find(({ table }) => table === 'history_events')?.rows, 50);
  });
});
