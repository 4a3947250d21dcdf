import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { otherVersion } from '../../../src/providers/store/storeErrors';
import { lockName } from '../../../src/providers/store/lockFile';
import { type StoreFiles, nodeFiles } from '../../../src/providers/store/storeFiles';
import { migrations } from '../../../src/providers/store/migrations';
import { FaultyFiles } from './faultyFiles';
import {
  FakeTime,
  type TestCore,
  makeCore,
  rowIds,
  saveRow,
  temporaryFolder,
  transaction,
  write,
} from './storeFixture';

describe('The core of a store', () => {
  let folder: string;
  let remove: () => void;
  let time: FakeTime;
  beforeEach(() => {
    ({ folder, remove } = temporaryFolder());
    time = new FakeTime();
  });
  afterEach(() => remove());

  async function window(name: string, pid: number): Promise<TestCore> {
    return makeCore({ folder, time, name, pid, livePids: new Set([1, 2]) });
  }

  /** Watches the lock until it counts as left. */
  function takeOver({ core, lock }: TestCore): void {
    for (let look = 0; look < 200 && !lock.tryAcquire(); look++) time.advance(100);
    lock.release();
    core.open();
  }

  it('of a window that was stalled answers nothing once another window owns the store, and loses nothing', async () => {
    const [first, second] = [await window('first', 1), await window('second', 2)];
    first.core.open();
    write(first.core, saveRow('a'));
    takeOver(second);
    write(second.core, saveRow('b'));
    assert.equal(write(first.core, saveRow('refused'))[0]?.reason, 'store-owned-elsewhere');
    assert.equal(first.losses(), 1);
    assert.throws(() => rowIds(first.core), /Another window owns the store/);
    first.core.close();
    assert.deepEqual(write(second.core, saveRow('c')), [undefined]);
    second.core.close();
    first.core.open();
    assert.deepEqual(rowIds(first.core), ['a', 'b', 'c']);
    first.core.close();
  });

  it('learns at a heartbeat, and at a checkpoint, that the lock is lost', async () => {
    for (const learn of [({ core }: TestCore): void => core.beat(), (): void => time.advance(5 * 60_000)]) {
      const test = await window('first', 1);
      test.core.open();
      write(test.core, saveRow(`row-${time.now()}`));
      rmSync(join(folder, lockName));
      learn(test);
      assert.equal(test.losses(), 1);
      test.core.close();
    }
  });

  it('does not acknowledge what was written while the lock was taken', async () => {
    const faulty = new FaultyFiles();
    const { core, losses } = await makeCore({ folder, time, files: faulty.files });
    core.open();
    faulty.decide = (operation) => {
      if (operation === 'sync') rmSync(join(folder, lockName), { force: true });
      return undefined;
    };
    assert.equal(write(core, saveRow('a'))[0]?.reason, 'store-owned-elsewhere');
    assert.equal(losses(), 1);
    core.close();
  });

  it('gives up when the next journal is already there: somebody else owns the store', async () => {
    const { core, losses } = await window('first', 1);
    core.open();
    nodeFiles.closeHandle(nodeFiles.openExclusive(join(folder, 'journal-1.log')));
    assert.equal(write(core, saveRow('a'))[0]?.reason, 'store-owned-elsewhere');
    assert.equal(losses(), 1);
    core.close();
  });

  it('goes on when the lock file cannot be touched, and says so', async () => {
    const touch = (): never => {
      throw new Error('EIO');
    };
    const { core, log, losses } = await makeCore({ folder, time, files: { ...nodeFiles, touch } });
    core.open();
    core.beat();
    assert.deepEqual([losses(), write(core, saveRow('a'))], [0, [undefined]]);
    assert.deepEqual(log.lines, ['warn The store lock could not be renewed']);
    core.close();
  });

  it('shows that it lives while it loads, upgrades, saves and checks itself, however long that takes', async () => {
    const early = await makeCore({ folder, time, migrations: migrations.slice(0, 1) });
    early.core.open();
    for (let group = 0; group < 4; group++) {
      write(early.core, ...Array.from({ length: 600 }, (_, index) => saveRow(`${group}/${index}`)));
    }
    early.core.close();
    let beats = 0;
    const touch: StoreFiles['touch'] = (file, at) => {
      beats++;
      nodeFiles.touch(file, at);
    };
    const { core } = await makeCore({ folder, time, files: { ...nodeFiles, touch } });
    const beatsOf = async (work: () => unknown): Promise<number> => {
      beats = 0;
      await work();
      return beats;
    };
    const upgradeSteps = migrations[1]?.up.length ?? 0;
    assert.ok((await beatsOf(() => core.open())) >= 4 + upgradeSteps);
    const many = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)';
    const fill = `INSERT INTO namespaces (id, connection_id, json) ${many} SELECT i, '0/1', '{}' FROM n`;
    assert.deepEqual(write(core, transaction({ sql: fill, params: [] })), [undefined]);
    const rows = Array.from({ length: 25 }, (_, index) => ({
      sql: 'INSERT INTO profiles (id, json, position) VALUES (?, ?, 0)',
      params: [`large-${index}`, 'x'.repeat(1_500_000)],
    }));
    assert.deepEqual(write(core, transaction(...rows)), [undefined]);
    assert.equal(await beatsOf(() => time.advance(5 * 60_000)), 1, 'a snapshot of 37 MB');
    core.close();
  });

  it('makes durable what an owner wrote and could not flush before it says that it is saved', async () => {
    const dying = new FaultyFiles();
    const first = await makeCore({ folder, time, files: dying.files });
    first.core.open();
    dying.decide = (operation, file) =>
      operation === 'sync' && file.endsWith('journal-1.log') ? 'crash' : undefined;
    const sent = saveRow('a');
    assert.equal(write(first.core, sent)[0]?.details['outcome'], 'unknown');
    const faulty = new FaultyFiles();
    const flushed: string[] = [];
    faulty.decide = (operation, file) => {
      if (operation === 'sync' || operation === 'syncFolder') flushed.push(file);
      return undefined;
    };
    const next = await makeCore({ folder, time, files: faulty.files });
    next.core.open();
    assert.deepEqual(rowIds(next.core), ['a']);
    assert.deepEqual(write(next.core, sent), [undefined]);
    assert.deepEqual(flushed, [join(folder, 'journal-1.log'), folder]);
    next.core.close();
    faulty.decide = (operation) => (operation === 'sync' ? { errno: 'EIO' } : undefined);
    next.core.open();
    assert.deepEqual([rowIds(next.core), next.core.status().frozenReason], [['a'], 'store-failed']);
    next.core.close();
    faulty.decide = (operation) => (operation === 'sync' ? { errno: 'ENOSPC' } : undefined);
    next.core.open();
    assert.deepEqual([rowIds(next.core), next.core.status().frozenReason], [['a'], undefined]);
    next.core.close();
  });

  it('can be opened to be read only, which changes no file and refuses writes with the reason', async () => {
    const { core } = await window('first', 1);
    core.open();
    write(core, saveRow('a'));
    const reader = await window('second', 2);
    reader.core.openReadOnly(otherVersion());
    assert.deepEqual(rowIds(reader.core), ['a']);
    assert.equal(write(reader.core, saveRow('b'))[0]?.reason, 'store-other-version');
    assert.match(reader.core.status().frozenBecause ?? '', /Reload this window/);
    reader.core.close();
    core.close();
  });

  it('is not opened twice, and not asked when closed', async () => {
    const { core } = await window('first', 1);
    assert.throws(() => core.status(), /owns the store/);
    core.close();
    core.open();
    assert.throws(() => core.open(), /cannot go from owner to owner/);
    core.close();
  });
});
