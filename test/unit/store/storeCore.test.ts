import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { lockName } from '../../../src/providers/store/lockFile';
import { nodeFiles } from '../../../src/providers/store/storeFiles';
import { FaultyFiles } from './faultyFiles';
import { FakeTime, makeCore, rowIds, saveRow, temporaryFolder, write } from './storeFixture';

describe('Two windows on one store', () => {
  let folder: string;
  let remove: () => void;
  let time: FakeTime;
  beforeEach(() => {
    ({ folder, remove } = temporaryFolder());
    time = new FakeTime();
  });
  afterEach(() => remove());

  async function window(name: string, pid: number, livePids = new Set([1, 2])): ReturnType<typeof makeCore> {
    return makeCore({ folder, time, name, pid, livePids });
  }

  /** Opens while time passes until it is open. */
  async function openWithTime(test: Awaited<ReturnType<typeof window>>): Promise<void> {
    const opened = test.core.open();
    for (let waited = 0; waited <= 3000; waited += 100) {
      time.advance(100);
      await new Promise(setImmediate);
    }
    await opened;
  }

  it('are an owner and a reader, and the reader takes over when the owner closes', async () => {
    const [first, second] = [await window('first', 1), await window('second', 2)];
    await first.core.open();
    write(first.core, saveRow('a'));
    await openWithTime(second);
    assert.deepEqual([first.roles, second.roles], [['owner'], ['reader']]);
    assert.deepEqual(rowIds(second.core), ['a']);
    const refusal = write(second.core, saveRow('x'))[0];
    assert.deepEqual(
      [refusal?.code, refusal?.reason, refusal?.retryable],
      ['CONFLICT', 'store-owned-elsewhere', true],
    );
    write(first.core, saveRow('b'));
    first.core.close();
    time.advance(2000);
    assert.deepEqual(second.roles, ['reader', 'owner']);
    assert.deepEqual(rowIds(second.core), ['a', 'b']);
    assert.deepEqual(write(second.core, saveRow('c')), [undefined]);
    second.core.close();
  });

  it('wait for one that is just closing', async () => {
    const [first, second] = [await window('first', 1), await window('second', 2)];
    await first.core.open();
    const opened = second.core.open();
    time.advance(100);
    await new Promise(setImmediate);
    first.core.close();
    time.advance(100);
    await opened;
    assert.deepEqual(second.roles, ['owner']);
    second.core.close();
  });

  it('may close while waiting', async () => {
    const [first, second] = [await window('first', 1), await window('second', 2)];
    await first.core.open();
    const opened = second.core.open();
    second.core.close();
    time.advance(100);
    await opened;
    assert.deepEqual(second.roles, []);
    first.core.close();
  });

  it('do not both write after one was stalled: it steps down, reads what the other wrote, and takes over again', async () => {
    const [first, second] = [await window('first', 1), await window('second', 2)];
    await first.core.open();
    write(first.core, saveRow('a'));
    // Stalled: the second window's clock passes, the first one's heartbeat does not.
    const thaw = time.hold();
    time.advance(30_000);
    await second.core.open();
    assert.deepEqual(second.roles, ['owner']);
    write(second.core, saveRow('b'));
    const refusal = write(first.core, saveRow('lost'))[0];
    assert.deepEqual(
      [refusal?.reason, refusal?.details['outcome']],
      ['store-owned-elsewhere', 'not applied'],
    );
    assert.deepEqual(first.roles, ['owner', 'reader']);
    assert.deepEqual(rowIds(first.core), ['a', 'b']);
    thaw();
    second.core.close();
    time.advance(2000);
    assert.deepEqual(first.roles, ['owner', 'reader', 'owner']);
    assert.deepEqual(write(first.core, saveRow('c')), [undefined]);
    assert.deepEqual(rowIds(first.core), ['a', 'b', 'c']);
    first.core.close();
  });

  it('learn from the heartbeat, and at a checkpoint, that the lock is lost', async () => {
    for (const waitMs of [5000, 5 * 60_000]) {
      const { core, roles } = await window('first', 1);
      await core.open();
      write(core, saveRow(`row-${waitMs}`));
      rmSync(join(folder, lockName));
      time.advance(waitMs);
      assert.deepEqual(roles.slice(0, 2), ['owner', 'reader']);
      core.close();
    }
  });

  it('do not acknowledge what was written while the lock was taken', async () => {
    const faulty = new FaultyFiles();
    const { core, roles } = await makeCore({ folder, time, files: faulty.files });
    await core.open();
    faulty.decide = (operation) => {
      if (operation === 'sync') rmSync(join(folder, lockName));
      return undefined;
    };
    assert.equal(write(core, saveRow('a'))[0]?.details['outcome'], 'unknown');
    assert.deepEqual(roles, ['owner', 'reader']);
    core.close();
  });

  it('step down when the next journal is already there', async () => {
    const { core, roles } = await window('first', 1);
    await core.open();
    const handle = nodeFiles.openExclusive(join(folder, 'journal-1.log'));
    nodeFiles.closeHandle(handle);
    assert.equal(write(core, saveRow('a'))[0]?.reason, 'store-owned-elsewhere');
    time.advance(2000);
    assert.deepEqual(roles, ['owner', 'reader', 'owner']);
    assert.deepEqual(write(core, saveRow('a')), [undefined]);
    core.close();
  });

  it('go on when the lock file cannot be touched or removed, and say so', async () => {
    const { core, log, roles } = await makeCore({
      folder,
      time,
      files: {
        ...nodeFiles,
        touch: () => {
          throw new Error('EIO');
        },
        remove: () => {
          throw new Error('EIO');
        },
      },
    });
    await core.open();
    time.advance(5000);
    assert.deepEqual(roles, ['owner']);
    core.close();
    assert.deepEqual(log.lines, [
      'warn The store lock could not be renewed',
      'warn The store lock could not be released',
    ]);
  });

  it('refuse to be asked when closed', async () => {
    const { core } = await window('first', 1);
    assert.throws(() => core.status(), /The store is closed/);
    core.close();
    await core.open();
    await assert.rejects(core.open(), /cannot go from owner to opening/);
  });
});
