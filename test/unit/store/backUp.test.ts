import assert from 'node:assert/strict';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../../src/engine/kernel/errors';
import { backUp } from '../../../src/providers/store/backUp';
import { readSnapshot } from '../../../src/providers/store/snapshotFile';
import { nodeFiles } from '../../../src/providers/store/storeFiles';
import { type DirectAccess, directAccess } from './directAccess';
import { FaultyFiles } from './faultyFiles';
import { keptLog, sqlite, temporaryFolder } from './storeFixture';

const start = Date.UTC(2030, 0, 1);

describe('A copy of the store', () => {
  let folder: string;
  let remove: () => void;
  let access: DirectAccess;
  beforeEach(async () => {
    ({ folder, remove } = temporaryFolder());
    access = await directAccess();
    await access.write([
      { sql: "INSERT INTO profiles (id, json, position) VALUES ('a', '{}', 0)", params: [] },
    ]);
  });
  afterEach(() => {
    access.close();
    remove();
  });

  const make = (now: number, files = nodeFiles): ReturnType<typeof backUp> =>
    backUp({ files, folder, log: keptLog() }, access.database.export(), now);

  it('is whole, can be opened, and leaves the database in use as it is', async () => {
    const { name, bytes, at } = make(start);
    assert.deepEqual([name, at], ['backup-manual-2030-01-01T00-00-00-000Z.sqlite', start]);
    assert.equal(statSync(join(folder, name)).size, bytes);
    const copy = (await sqlite())(readSnapshot(nodeFiles, folder, name));
    assert.deepEqual(copy.query('SELECT id FROM profiles'), [['a']]);
    copy.close();
    await access.write([{ sql: 'DELETE FROM profiles', params: [] }]);
    assert.deepEqual(await access.read({ name: 'of a test', sql: 'SELECT id FROM profiles' }), []);
  });

  it('pushes out the oldest of five, and nothing else', () => {
    const others = ['backup-1-2029-01-01T00-00-00-000Z.sqlite', 'snapshot-1.sqlite', 'journal-1.log'];
    for (const name of others) writeFileSync(join(folder, name), 'x');
    const made = Array.from({ length: 7 }, (_, day) => make(start + day * 86_400_000).name);
    assert.deepEqual(readdirSync(folder).sort(), [...others, ...made.slice(2)].sort());
  });

  it('stays although the clock was set back', () => {
    for (let day = 0; day < 5; day++) make(start + day * 86_400_000);
    const { name } = make(start - 86_400_000);
    assert.ok(readdirSync(folder).includes(name));
    assert.equal(readdirSync(folder).length, 5);
  });

  it('that cannot be written costs no earlier one, and leaves no part', () => {
    const made = Array.from({ length: 5 }, (_, day) => make(start + day * 86_400_000).name);
    const faulty = new FaultyFiles();
    faulty.decide = (operation) => (operation === 'write' ? { errno: 'ENOSPC' } : undefined);
    const failing = (): unknown => make(start + 9 * 86_400_000, faulty.files);
    assert.throws(failing, (thrown) => thrown instanceof EngineError && thrown.reason === 'store-full');
    assert.deepEqual(readdirSync(folder).sort(), made);
  });

  it('is made although an old one cannot be removed', () => {
    for (let day = 0; day < 5; day++) make(start + day * 86_400_000);
    const faulty = new FaultyFiles();
    faulty.decide = (operation) => (operation === 'remove' ? { errno: 'EACCES' } : undefined);
    const { name } = make(start + 9 * 86_400_000, faulty.files);
    assert.ok(readdirSync(folder).includes(name));
  });
});
