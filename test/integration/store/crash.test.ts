import assert from 'node:assert/strict';
import { eventually } from '../../helpers/eventually';
import { seedOfRun, seededRandom } from '../../helpers/random';
import { temporaryFolder } from '../../unit/store/storeFixture';
import { realStore } from './realStore';
import { WindowProcess } from './windowProcess';

describe('Processes that share a store', function () {
  this.timeout(180_000);
  let folder: string;
  let remove: () => void;
  let windows: WindowProcess[] = [];
  beforeEach(() => {
    ({ folder, remove } = temporaryFolder());
    windows = [];
  });
  afterEach(async () => {
    for (const window of windows) window.signal('SIGKILL');
    await Promise.all(windows.map(({ ended }) => ended));
    remove();
  });

  function start(prefix: string, limit?: number): WindowProcess {
    const window = new WindowProcess(folder, prefix, limit);
    windows.push(window);
    return window;
  }

  /** Everything acknowledged is stored, nothing twice, and each window's events are in the order it had them acknowledged by one caller. */
  async function assertNothingLost(): Promise<string[]> {
    const store = realStore(folder);
    const stored = (await store.history.list({ limit: 10_000_000 })).map(({ id }) => id).reverse();
    const { damage } = await store.status();
    await store.close();
    const unique = new Set(stored);
    assert.equal(unique.size, stored.length, 'an event is there twice');
    const lost = windows.flatMap(({ acknowledged }) => acknowledged.filter((id) => !unique.has(id)));
    assert.deepEqual(lost, []);
    assert.deepEqual([damage.failedTransactions, damage.missingBytes, damage.missingJournals], [0, 0, 0]);
    return stored;
  }

  for (const count of [2, 5]) {
    it(`G51: write 500 events each, ${count} at once: all are there, in order a process`, async () => {
      for (let which = 0; which < count; which++) start(`w${which}`, 500);
      await Promise.all(windows.map(({ ended }) => ended));
      assert.deepEqual(windows.map(({ complaint }) => complaint).join(''), '');
      const stored = await assertNothingLost();
      assert.equal(stored.length, 500 * count);
      for (let which = 0; which < count; which++) {
        const own = stored.filter((id) => id.startsWith(`w${which}-`));
        assert.deepEqual(
          own,
          Array.from({ length: 500 }, (_, index) => `w${which}-${index + 1}`),
        );
      }
    });
  }

  it('lose no acknowledged event and keep none twice when the owner is killed, at 20 random points', async () => {
    const random = seededRandom(seedOfRun());
    const alive = new Set([start('a'), start('b')]);
    for (let kill = 0; kill < 20; kill++) {
      const owner = await eventually('somebody owns the store', () =>
        [...alive].find(({ isOwner }) => isOwner),
      );
      await owner.progress(1 + random.below(800));
      owner.signal('SIGKILL');
      alive.delete(owner);
      await owner.ended;
      await Promise.all([...alive].map((heir) => heir.progress(1)));
      alive.add(start(`k${kill}`));
    }
    for (const window of windows) window.signal('SIGKILL');
    await Promise.all(windows.map(({ ended }) => ended));
    await assertNothingLost();
  });

  it('take over from an owner that is stopped, and lose nothing when it wakes up', async function () {
    // Windows has no signal that stops a process.
    if (process.platform === 'win32') return;
    const sleeper = start('sleeper');
    await sleeper.progress(100);
    const other = start('other');
    await other.progress(100);
    assert.deepEqual([sleeper.isOwner, other.isOwner], [true, false]);
    sleeper.signal('SIGSTOP');
    await eventually('the other one owns the store', () => other.isOwner || undefined, 45_000);
    await other.progress(200);
    sleeper.signal('SIGCONT');
    await sleeper.progress(200);
    assert.deepEqual([sleeper.isOwner, sleeper.epoch, other.isOwner, other.epoch], [false, 2, true, 2]);
    for (const window of windows) window.signal('SIGKILL');
    await Promise.all(windows.map(({ ended }) => ended));
    await assertNothingLost();
    assert.equal(sleeper.complaint + other.complaint, '');
  });
});
