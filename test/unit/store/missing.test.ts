import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJournal } from '../../../src/providers/store/journalFile';
import { readReached } from '../../../src/providers/store/sealFile';
import { type StoreFiles, nodeFiles } from '../../../src/providers/store/storeFiles';
import { type TestCore, makeCore, rowIds, saveRow, temporaryFolder, write } from './storeFixture';

const fiveMinutes = 5 * 60_000;

describe('What should be in a store and is not', () => {
  let folder: string;
  let remove: () => void;
  beforeEach(() => ({ folder, remove } = temporaryFolder()));
  afterEach(() => remove());

  async function open(files?: StoreFiles): Promise<TestCore> {
    const test = await makeCore({ folder, ...(files && { files }) });
    test.core.open();
    return test;
  }

  /** Ten rows of a record each, saved and closed. */
  async function fillTen(): Promise<void> {
    const { core } = await open();
    for (let i = 0; i < 10; i++) assert.deepEqual(write(core, saveRow(`row-${i}`)), [undefined]);
    core.close();
  }

  async function missing(): Promise<{
    readonly rows: number;
    readonly changes: number;
    readonly journals: number;
  }> {
    const { core } = await open();
    const { missingChanges, missingJournals } = core.status().damage;
    const rows = rowIds(core).length;
    core.close();
    return { rows, changes: missingChanges, journals: missingJournals };
  }

  const journal = (): string => join(folder, 'journal-1.log');

  function endOfRecord(which: number): number {
    return readJournal(readFileSync(journal())).groups[which - 1]?.end ?? 0;
  }

  const loseBoth = (): void => {
    rmSync(journal());
    rmSync(join(folder, 'journal-1.seal'));
  };

  const losses: readonly (readonly [string, () => void, number, number])[] = [
    ['a journal that is removed', () => rmSync(journal()), 0, 1],
    ['a journal that is removed with its seal', loseBoth, 0, 1],
    ['a journal that is emptied', () => truncateSync(journal(), 0), 0, 0],
    ['a journal cut at the end of a record', () => truncateSync(journal(), endOfRecord(7)), 7, 0],
    ['a journal cut within a record', () => truncateSync(journal(), endOfRecord(4) + 9), 4, 0],
    ['a journal of nothing but zeros', () => writeFileSync(journal(), Buffer.alloc(4096)), 0, 0],
  ];
  for (const [what, lose, rows, journals] of losses) {
    it(`is counted in changes: ${what}`, async () => {
      await fillTen();
      lose();
      assert.deepEqual(await missing(), { rows, changes: 10 - rows, journals });
    });
  }

  it('is counted while the store is in use too, by a check', async () => {
    const { core } = await open();
    write(core, saveRow('a'), saveRow('b'));
    rmSync(journal());
    const report = await core.upkeep('verify', setImmediate);
    assert.equal(report.isSound, false);
    assert.deepEqual(
      report.damage.find(({ kind }) => kind === 'missingChanges'),
      { kind: 'missingChanges', count: 2 },
    );
    core.close();
  });

  it('is counted as far as the last heartbeat told, when the owner was killed and its journal goes with the seal', async () => {
    const { core } = await open();
    write(core, saveRow('a'));
    const of = (): ReturnType<typeof readReached> => readReached(nodeFiles, folder);
    assert.equal(of()?.changes, 1);
    write(core, saveRow('b'), saveRow('c'));
    core.beat();
    assert.equal(of()?.changes, 3);
    write(core, saveRow('d'));
    rmSync(join(folder, 'store.lock'));
    loseBoth();
    assert.deepEqual(await missing(), { rows: 0, changes: 3, journals: 1 });
    core.close();
  });

  it('is not what a checkpoint has saved and removed', async () => {
    const { core, time } = await open();
    write(core, saveRow('a'));
    time.advance(fiveMinutes);
    write(core, saveRow('b'));
    time.advance(fiveMinutes);
    core.close();
    assert.equal(readReached(nodeFiles, folder)?.generation, 2);
    for (const name of ['journal-1.log', 'journal-1.seal', 'journal-2.log', 'journal-2.seal'])
      rmSync(join(folder, name), { force: true });
    assert.deepEqual(await missing(), { rows: 2, changes: 0, journals: 0 });
  });

  it('is counted no more after the next checkpoint, and what is saved after the loss is kept', async () => {
    await fillTen();
    rmSync(journal());
    const { core, time } = await open();
    assert.equal(core.status().damage.missingChanges, 10);
    write(core, saveRow('after'));
    time.advance(fiveMinutes);
    core.close();
    assert.deepEqual(await missing(), { rows: 1, changes: 0, journals: 0 });
  });

  it('is an older snapshot under the name of the newest: the one before it and the journals stand in', async () => {
    const { core, time } = await open();
    for (const id of ['a', 'b', 'c']) {
      write(core, saveRow(id));
      time.advance(fiveMinutes);
    }
    core.close();
    copyFileSync(join(folder, 'snapshot-3.sqlite'), join(folder, 'snapshot-4.sqlite'));
    const again = await open();
    assert.deepEqual(rowIds(again.core), ['a', 'b', 'c']);
    assert.equal(again.core.status().damage.damagedSnapshots, 1);
    again.core.close();
  });

  it('is not what was never acknowledged: a process that ended before it sealed its record lost nothing', async () => {
    const write2: StoreFiles['write'] = (handle, bytes, position) => {
      // The seal of the second record never came.
      if (bytes.length === 32 && position === 512) return;
      nodeFiles.write(handle, bytes, position);
    };
    const { core } = await open({ ...nodeFiles, write: write2 });
    write(core, saveRow('a'));
    write(core, saveRow('b'));
    core.close();
    assert.deepEqual(await missing(), { rows: 2, changes: 0, journals: 0 });
  });

  it('does not keep a store from saving that cannot be sealed', async () => {
    const openNew: StoreFiles['openNew'] = (file) => {
      if (file.endsWith('.seal')) throw Object.assign(new Error(), { code: 'EACCES' });
      return nodeFiles.openNew(file);
    };
    const { core } = await open({ ...nodeFiles, openNew });
    assert.deepEqual(write(core, saveRow('a')), [undefined]);
    core.close();
    assert.deepEqual(await missing(), { rows: 1, changes: 0, journals: 0 });
  });
});
