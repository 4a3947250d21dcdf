import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFiles } from '../../../src/providers/store/storeFiles';
import { FaultyFiles } from './faultyFiles';
import { takenBy } from './smallDisk';
import {
  type TestCore,
  makeCore,
  rowIds,
  saveRow,
  temporaryFolder,
  transaction,
  write,
} from './storeFixture';

const fiveMinutes = 5 * 60_000;

describe('Opening a store', () => {
  let folder: string;
  let remove: () => void;
  beforeEach(() => ({ folder, remove } = temporaryFolder()));
  afterEach(() => remove());

  async function open(files = nodeFiles): Promise<TestCore> {
    const test = await makeCore({ folder, files });
    test.core.open();
    return test;
  }

  /** Saves rows and closes, with a checkpoint after each row that asks for one. */
  async function fill(
    ...rows: readonly { readonly id: string; readonly checkpoint?: boolean }[]
  ): Promise<void> {
    const { core, time } = await open();
    for (const { id, checkpoint } of rows) {
      write(core, saveRow(id));
      if (checkpoint) time.advance(fiveMinutes);
    }
    core.close();
  }

  function flip(name: string, at: number): void {
    const bytes = readFileSync(join(folder, name));
    bytes[at] = bytes[at]! ^ 1;
    writeFileSync(join(folder, name), bytes);
  }

  it('makes nothing but the folder and the lock before something is written', async () => {
    const { core } = await open();
    assert.deepEqual(readdirSync(folder), ['store.lock']);
    core.close();
    assert.deepEqual(readdirSync(folder), []);
  });

  it('lets only this user into the files', async function () {
    const { core } = await open();
    write(core, saveRow('a'));
    const modes = ['.', 'journal-1.log', 'store.lock'].map(
      (name) => statSync(join(folder, name)).mode & 0o077,
    );
    if (process.platform !== 'win32') assert.deepEqual(modes, [0, 0, 0]);
    core.close();
  });

  it('takes the newest snapshot and the journals after it', async () => {
    await fill({ id: 'a', checkpoint: true }, { id: 'b', checkpoint: true }, { id: 'c' });
    await fill({ id: 'd' });
    const { core } = await open();
    assert.deepEqual(rowIds(core), ['a', 'b', 'c', 'd']);
    assert.deepEqual(Object.values(core.status().damage), [0, 0, 0, 0, 0, 0, 0]);
    core.close();
  });

  it('cuts a torn journal at its last whole record, keeps the rest and says so', async () => {
    await fill({ id: 'a' }, { id: 'b' });
    const whole = readFileSync(join(folder, 'journal-1.log'));
    appendFileSync(join(folder, 'journal-1.log'), 'torn!');
    const first = await open();
    assert.deepEqual(rowIds(first.core), ['a', 'b']);
    const { damage, setAside } = first.core.status();
    assert.deepEqual([damage.cutJournals, damage.cutBytes], [1, 5]);
    assert.equal(readFileSync(join(folder, setAside[0]!)).toString(), 'torn!');
    assert.match(setAside[0]!, /^journal-1\.log\.damaged-\d{4}-/);
    assert.deepEqual(readFileSync(join(folder, 'journal-1.log')), whole);
    assert.ok(first.log.lines.includes('error Parts of the store could not be read'));
    first.core.close();
    const second = await open();
    assert.equal(second.core.status().damage.cutJournals, 0);
    second.core.close();
  });

  it('finds nothing wrong with the room a killed window had reserved', async () => {
    await fill({ id: 'a' });
    appendFileSync(join(folder, 'journal-1.log'), Buffer.alloc(1024 * 1024));
    const { core } = await open();
    assert.deepEqual(rowIds(core), ['a']);
    assert.deepEqual(Object.values(core.status().damage), [0, 0, 0, 0, 0, 0, 0]);
    core.close();
  });

  it('gives back the zeros that many killed windows had reserved, and folds their journals into a snapshot', async () => {
    for (let i = 0; i < 20; i++) {
      await fill({ id: `row-${i}` });
      appendFileSync(join(folder, `journal-${i + 1}.log`), Buffer.alloc(1024 * 1024));
    }
    const { core, time } = await open();
    assert.ok(takenBy(folder) < 100_000, `${takenBy(folder)}`);
    time.advance(10_000);
    assert.ok(readdirSync(folder).includes('snapshot-21.sqlite'));
    assert.equal(rowIds(core).length, 20);
    core.close();
  });

  it('with a flipped bit in a journal loses what follows in that journal only', async () => {
    await fill({ id: 'a' }, { id: 'b' });
    await fill({ id: 'c' });
    flip('journal-1.log', statSync(join(folder, 'journal-1.log')).size - 1);
    const { core } = await open();
    assert.deepEqual(rowIds(core), ['a', 'c']);
    const { damage } = core.status();
    assert.equal(damage.cutJournals, 1);
    assert.ok(damage.missingBytes > 0);
    core.close();
  });

  it('keeps a journal whose header is damaged aside as a whole', async () => {
    await fill({ id: 'a' });
    const size = statSync(join(folder, 'journal-1.log')).size;
    flip('journal-1.log', 0);
    const { core } = await open();
    assert.deepEqual(rowIds(core), []);
    const { damage, setAside } = core.status();
    assert.ok(damage.cutBytes > 0);
    assert.equal(statSync(join(folder, setAside[0]!)).size, size);
    core.close();
  });

  it('counts a journal that is gone', async () => {
    await fill({ id: 'a' });
    await fill({ id: 'b' });
    rmSync(join(folder, 'journal-1.log'));
    const { core } = await open();
    assert.deepEqual(rowIds(core), ['b']);
    assert.equal(core.status().damage.missingJournals, 1);
    core.close();
  });

  it('counts transactions that no longer apply and keeps their journal', async () => {
    await fill({ id: 'a' });
    await fill({ id: 'b' });
    const { core, time } = await open();
    write(core, transaction({ sql: 'UPDATE profiles SET id = ? WHERE id = ?', params: ['c', 'b'] }));
    core.close();
    assert.equal(time.waiting, 0);
    await makeJournalFail();
    const again = await open();
    assert.equal(again.core.status().damage.failedTransactions, 1);
    assert.match(again.core.status().setAside.join(), /journal-4\.log\.damaged-.*-whole/);
    again.core.close();
  });

  /** Writes a journal against a store that has not got the row the next opening has. */
  async function makeJournalFail(): Promise<void> {
    const { folder: other, remove: removeOther } = temporaryFolder();
    const alien = await makeCore({ folder: other });
    alien.core.open();
    for (const id of ['x', 'y', 'z']) {
      alien.core.close();
      alien.core.open();
      write(alien.core, saveRow(id));
    }
    alien.core.close();
    alien.core.open();
    write(alien.core, saveRow('a'));
    alien.core.close();
    writeFileSync(join(folder, 'journal-4.log'), readFileSync(join(other, 'journal-4.log')));
    removeOther();
  }

  it('falls back from a damaged snapshot to the one before, and loses nothing', async () => {
    await fill({ id: 'a', checkpoint: true }, { id: 'b', checkpoint: true }, { id: 'c' });
    flip('snapshot-3.sqlite', 5000);
    const { core, time } = await open();
    assert.deepEqual(rowIds(core), ['a', 'b', 'c']);
    const { damage, setAside } = core.status();
    assert.deepEqual([damage.damagedSnapshots, damage.missingBytes, damage.missingJournals], [1, 0, 0]);
    assert.match(setAside[0]!, /^snapshot-3\.sqlite\.damaged-/);
    time.advance(10_000);
    assert.ok(readdirSync(folder).includes('snapshot-4.sqlite'), 'the files are put in order soon');
    core.close();
    const again = await open();
    assert.deepEqual(rowIds(again.core), ['a', 'b', 'c']);
    assert.equal(again.core.status().damage.damagedSnapshots, 0);
    again.core.close();
  });

  it('falls back from the only snapshot to the journals', async () => {
    await fill({ id: 'a', checkpoint: true }, { id: 'b' });
    writeFileSync(join(folder, 'snapshot-2.sqlite'), '');
    const { core } = await open();
    assert.deepEqual(rowIds(core), ['a', 'b']);
    core.close();
  });

  it('falls back after a start from a snapshot without journals too', async () => {
    await fill({ id: 'a', checkpoint: true }, { id: 'b', checkpoint: true });
    await fill({ id: 'c' });
    flip('snapshot-3.sqlite', 100);
    const { core } = await open();
    assert.deepEqual(rowIds(core), ['a', 'b', 'c']);
    core.close();
  });

  it('goes on where it is when the damaged part cannot be set aside', async () => {
    await fill({ id: 'a' });
    appendFileSync(join(folder, 'journal-1.log'), 'torn!');
    const faulty = new FaultyFiles();
    faulty.decide = (operation) => (operation === 'openNew' ? { errno: 'ENOSPC' } : undefined);
    const first = await open(faulty.files);
    assert.deepEqual(first.core.status().setAside, []);
    assert.deepEqual(write(first.core, saveRow('b')), [undefined]);
    first.core.close();
    const { core } = await open();
    assert.deepEqual(rowIds(core), ['a', 'b']);
    assert.deepEqual([core.status().damage.cutBytes, core.status().damage.missingBytes], [5, 0]);
    core.close();
  });

  it('ignores what a stalled former owner wrote behind the seal of the next journal', async () => {
    await fill({ id: 'a' });
    const record = readFileSync(join(folder, 'journal-1.log')).subarray(24);
    await fill({ id: 'b' });
    const late = Buffer.from(record);
    appendFileSync(join(folder, 'journal-1.log'), late);
    const { core } = await open();
    assert.deepEqual(rowIds(core), ['a', 'b']);
    assert.equal(core.status().damage.cutBytes, late.length);
    core.close();
  });

  it('throws, and leaves no lock, when the folder cannot be made', async () => {
    const { core } = await makeCore({ folder: join(folder, 'file', 'store') });
    writeFileSync(join(folder, 'file'), '');
    assert.throws(() => core.open(), /ENOTDIR|EEXIST/);
    core.close();
  });
});
