import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ChangeNotices } from '../../../src/providers/store/changeNotices';
import { connectionReads } from '../../../src/providers/store/reads/connectionReads';
import { StoreServer } from '../../../src/providers/store/storeServer';
import type { StoreMessage } from '../../../src/providers/store/storeMessages';
import { FakeTime, makeCore, rowIds, saveRow, temporaryFolder, write } from './storeFixture';

describe('The owner of a store', () => {
  let folder: string;
  let remove: () => void;
  beforeEach(() => ({ folder, remove } = temporaryFolder()));
  afterEach(() => remove());

  it('that was stalled answers no question by what it knew before another window took over', async () => {
    const time = new FakeTime();
    const [first, second] = [
      await makeCore({ folder, time, name: 'first', pid: 1 }),
      await makeCore({ folder, time, name: 'second', pid: 2 }),
    ];
    first.core.open();
    write(first.core, saveRow('a'));
    for (let look = 0; look < 200 && !second.lock.tryAcquire(); look++) time.advance(100);
    second.lock.release();
    second.core.open();
    write(second.core, saveRow('b'));
    const answers: StoreMessage[] = [];
    const server = new StoreServer(first.core, {
      epoch: 1,
      defer: setImmediate,
      timers: time,
      status: () => assert.fail('it is not asked'),
    });
    server.accept({ post: (message) => answers.push(message) }, [
      { kind: 'read', number: 1, name: connectionReads.profiles.name, params: [] },
      { kind: 'status', number: 2 },
    ]);
    await nextTurn();
    await nextTurn();
    assert.deepEqual([answers, first.losses()], [[], 1]);
    assert.deepEqual(rowIds(second.core), ['a', 'b']);
    first.core.close();
    second.core.close();
  });

  it('keeps one notice of changes for a window that does not read, and hands it over when it does', () => {
    const time = new FakeTime();
    const version = (): { epoch: number; commit: number } => ({ epoch: 1, commit: 2 });
    const notices = new ChangeNotices({ timers: time, version });
    const got: StoreMessage[] = [];
    const stopped = { post: (message: StoreMessage) => got.push(message), isBehind: true };
    const told: StoreMessage[] = [];
    const reading = { post: (message: StoreMessage) => told.push(message) };
    notices.join(stopped);
    notices.join(reading);
    for (const table of ['profiles', 'holds', 'profiles']) {
      notices.add([table], new Set([stopped]));
      time.advance(50);
    }
    time.advance(60_000);
    assert.deepEqual([got.length, told.length], [0, 3]);
    stopped.isBehind = false;
    time.advance(1000);
    assert.deepEqual(got, [
      { kind: 'changed', tables: ['profiles', 'holds'], version: version(), isOwn: true },
    ]);
    assert.equal(time.waiting, 0);
    notices.dispose();
  });
});
