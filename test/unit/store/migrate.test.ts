import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Migration } from '../../../src/providers/store/schema/migration';
import { migration1 } from '../../../src/providers/store/schema/migration1';
import { readSnapshot } from '../../../src/providers/store/snapshotFile';
import { nodeFiles } from '../../../src/providers/store/storeFiles';
import { FaultyFiles } from './faultyFiles';
import { makeCore, rowIds, saveRow, sqlite, temporaryFolder, transaction, write } from './storeFixture';

const fiveMinutes = 5 * 60_000;
const first = [migration1];
const addColumn: Migration = { version: 2, up: ['ALTER TABLE profiles ADD COLUMN colour TEXT'] };
const broken: Migration = { version: 3, up: ['CREATE TABLE t (a)', 'CREATE TABLE t (a)'] };

describe('Upgrading a store', () => {
  let folder: string;
  let remove: () => void;
  beforeEach(() => ({ folder, remove } = temporaryFolder()));
  afterEach(() => remove());

  async function open(steps: readonly Migration[], files = nodeFiles): ReturnType<typeof makeCore> {
    const test = await makeCore({ folder, migrations: steps, files });
    test.core.open();
    return test;
  }

  async function fillOld(): Promise<void> {
    const { core, time } = await open(first);
    write(core, saveRow('a'));
    time.advance(fiveMinutes);
    write(core, saveRow('b'));
    core.close();
  }

  it('keeps a copy of what was there and then everything in the new schema', async () => {
    await fillOld();
    const { core, time } = await open([...first, addColumn]);
    const { backup, schemaVersion } = core.status();
    assert.equal(schemaVersion, 2);
    assert.match(backup ?? '', /^backup-1-\d{4}-.*\.sqlite$/);
    const copy = (await sqlite())(readSnapshot(nodeFiles, folder, backup ?? ''));
    assert.equal(copy.version, 1);
    assert.deepEqual(copy.query('SELECT id FROM profiles ORDER BY id'), [['a'], ['b']]);
    copy.close();
    write(core, transaction({ sql: 'UPDATE profiles SET colour = ?', params: ['red'] }));
    time.advance(1);
    core.close();
    const again = await open([...first, addColumn]);
    assert.deepEqual(again.core.read('SELECT colour FROM profiles', []), [['red'], ['red']]);
    assert.equal(again.core.status().backup, undefined);
    again.core.close();
  });

  it('replays journals of both schemas when the snapshot between them is damaged', async () => {
    await fillOld();
    const { core, time } = await open([...first, addColumn]);
    time.advance(1);
    write(core, transaction({ sql: 'UPDATE profiles SET colour = ?', params: ['red'] }));
    core.close();
    writeFileSync(join(folder, 'snapshot-3.sqlite'), 'gone');
    const again = await open([...first, addColumn]);
    assert.deepEqual(again.core.read('SELECT id, colour FROM profiles', []), [
      ['a', 'red'],
      ['b', 'red'],
    ]);
    again.core.close();
  });

  it('that fails leaves the store as it was, readable, and says so', async () => {
    await fillOld();
    const before = readFileSync(join(folder, 'snapshot-2.sqlite'));
    const { core, log } = await open([...first, addColumn, broken]);
    const status = core.status();
    assert.deepEqual([status.state, status.schemaVersion], ['frozen', 1]);
    assert.match(status.frozenBecause ?? '', /upgrading it from version 1 to 3 failed/);
    assert.ok(log.lines.some((line) => line.startsWith('error The store stays read-only as it was')));
    assert.deepEqual(rowIds(core), ['a', 'b']);
    assert.equal(write(core, saveRow('c'))[0]?.reason, 'store-failed');
    assert.deepEqual(readdirSync(folder).includes('store.lock'), false);
    core.close();
    assert.deepEqual(readFileSync(join(folder, 'snapshot-2.sqlite')), before);
    const old = await open(first);
    assert.deepEqual(write(old.core, saveRow('c')), [undefined]);
    assert.deepEqual(rowIds(old.core), ['a', 'b', 'c']);
    old.core.close();
  });

  it('does not begin when the copy cannot be made', async () => {
    await fillOld();
    const faulty = new FaultyFiles();
    faulty.decide = (_operation, file) => (file.includes('backup-') ? { errno: 'ENOSPC' } : undefined);
    const { core } = await open([...first, addColumn], faulty.files);
    assert.deepEqual([core.status().state, core.status().schemaVersion], ['frozen', 1]);
    assert.equal(write(core, saveRow('c'))[0]?.reason, 'store-full');
    core.close();
  });

  for (const checkpointed of [true, false]) {
    it(`of a later version is refused: it opens read-only (${checkpointed ? 'snapshot' : 'journal'})`, async () => {
      const newer = await open([...first, addColumn]);
      write(newer.core, saveRow('a'));
      if (checkpointed) newer.time.advance(fiveMinutes);
      newer.core.close();
      const names = readdirSync(folder);
      const { core, time } = await open(first);
      assert.equal(core.status().state, 'frozen');
      const refusal = write(core, saveRow('b'))[0];
      assert.deepEqual([refusal?.code, refusal?.reason], ['NOT_SUPPORTED', 'store-newer']);
      if (checkpointed) assert.deepEqual(rowIds(core), ['a']);
      time.advance(fiveMinutes);
      core.close();
      assert.deepEqual(readdirSync(folder), names);
    });
  }
});
