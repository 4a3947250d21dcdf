import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { reserveName } from '../../../src/providers/store/reserve';
import { FaultyFiles } from './faultyFiles';
import { FakeTime, makeCore, rowIds, saveRow, temporaryFolder, transaction, write } from './storeFixture';
import { smallDisk, takenBy } from './smallDisk';
import { encodeGroup } from '../../../src/providers/store/journalRecord';

describe('A full disk', () => {
  let folder: string;
  let remove: () => void;
  beforeEach(() => ({ folder, remove } = temporaryFolder()));
  afterEach(() => remove());

  const purge = transaction({ sql: "DELETE FROM profiles WHERE id = 'a'", params: [] });

  it('refuses writes and lets reads and purges go on, and heals by itself when there is room', async () => {
    const faulty = new FaultyFiles();
    const time = new FakeTime();
    const { core } = await makeCore({ folder, files: faulty.files, time });
    core.open();
    write(core, saveRow('a'), saveRow('b'));
    core.beat();
    assert.equal(statSync(join(folder, reserveName)).size, 16 * 1024 * 1024);
    const isFull = (): boolean => readdirSync(folder).includes(reserveName);
    faulty.decide = (operation, file) =>
      operation === 'write' && (isFull() || file.endsWith(reserveName)) ? { errno: 'ENOSPC' } : undefined;
    const [refusal] = write(core, saveRow('c'));
    assert.deepEqual([refusal?.reason, refusal?.details['outcome']], ['store-full', 'not applied']);
    assert.match(core.status().saveFailure ?? '', /disk is full/);
    assert.deepEqual(rowIds(core), ['a', 'b']);
    const group = { transactions: [purge], record: encodeGroup([purge]) };
    assert.deepEqual(core.write([group], true), [undefined]);
    assert.deepEqual(rowIds(core), ['b']);
    assert.equal(isFull(), false);
    time.advance(60_000);
    core.beat();
    assert.equal(isFull(), false, 'nothing half-made is left');
    faulty.decide = () => undefined;
    assert.deepEqual(write(core, saveRow('c')), [undefined]);
    assert.equal(core.status().saveFailure, undefined);
    time.advance(60_000);
    core.beat();
    assert.equal(statSync(join(folder, reserveName)).size, 16 * 1024 * 1024);
    core.close();
    const again = await makeCore({ folder });
    again.core.open();
    assert.deepEqual(rowIds(again.core), ['b', 'c']);
    again.core.close();
  });

  it('gives room back by a purge: the reserve is used, the spare snapshot given up, and appends go on', async () => {
    let capacity = Infinity;
    const time = new FakeTime();
    const { core } = await makeCore({ folder, files: smallDisk(folder, () => capacity), time });
    core.open();
    const content = 'x'.repeat(10_000);
    const rows = Array.from({ length: 400 }, (_, index) => ({
      sql: 'INSERT INTO profiles (id, json, position) VALUES (?, ?, 0)',
      params: [`old-${index}`, content],
    }));
    for (const rowsOfOne of [rows.slice(0, 200), rows.slice(200)]) {
      assert.deepEqual(write(core, transaction(...rowsOfOne)), [undefined]);
      time.advance(5 * 60_000);
    }
    core.beat();
    capacity = takenBy(folder);
    const before = capacity;
    assert.equal(write(core, saveRow('refused'))[0]?.reason, 'store-full');
    const all = transaction({ sql: "DELETE FROM profiles WHERE id LIKE 'old-%'", params: [] });
    assert.deepEqual(core.write([{ transactions: [all], record: encodeGroup([all]) }], true), [undefined]);
    const shrunk = await core.upkeep('shrink', setImmediate);
    assert.ok(shrunk.after < shrunk.before / 10, JSON.stringify(shrunk));
    assert.ok(takenBy(folder) < before / 10, `${takenBy(folder)} of ${before}`);
    assert.deepEqual(write(core, saveRow('after')), [undefined]);
    core.close();
    const again = await makeCore({ folder });
    again.core.open();
    assert.deepEqual(rowIds(again.core), ['after']);
    again.core.close();
  });

  it('with little room takes a record without the zeros that a journal is begun with', async () => {
    const { core } = await makeCore({ folder, files: smallDisk(folder, () => 64 * 1024) });
    core.open();
    assert.deepEqual(write(core, saveRow('a')), [undefined]);
    assert.deepEqual(write(core, saveRow('b')), [undefined]);
    assert.ok(takenBy(folder) < 4096, `${takenBy(folder)}`);
    core.close();
  });

  it('without a reserve refuses a purge too, and says why', async () => {
    const faulty = new FaultyFiles();
    const { core } = await makeCore({ folder, files: faulty.files });
    core.open();
    write(core, saveRow('a'));
    faulty.decide = (operation) => (operation === 'write' ? { errno: 'ENOSPC' } : undefined);
    const group = { transactions: [purge], record: encodeGroup([purge]) };
    assert.equal(core.write([group], true)?.[0]?.reason, 'store-full');
    assert.deepEqual(rowIds(core), ['a']);
    core.close();
  });
});
