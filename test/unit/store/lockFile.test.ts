import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LockFile, lockName, removeLockOf } from '../../../src/providers/store/lockFile';
import { type StoreFiles, nodeFiles } from '../../../src/providers/store/storeFiles';
import { thisProcess } from '../../../src/providers/store/thisProcess';
import { eventually } from '../../helpers/eventually';
import { FakeTime, countingRandom, temporaryFolder } from './storeFixture';

describe('The lock of a store', () => {
  let folder: string;
  let remove: () => void;
  let time: FakeTime;
  const live = new Set<number>();
  let locks = 0;

  beforeEach(() => {
    ({ folder, remove } = temporaryFolder());
    time = new FakeTime();
    live.clear();
  });
  afterEach(() => remove());

  function lock(pid: number, options: { host?: string; client?: string; files?: StoreFiles } = {}): LockFile {
    live.add(pid);
    return new LockFile({
      folder,
      clientId: options.client ?? `client-${pid}`,
      files: options.files ?? nodeFiles,
      clock: time,
      random: countingRandom(`token-${++locks}`),
      process: { pid, host: options.host ?? 'here', isAlive: (other) => live.has(other) },
    });
  }

  /** Wants the lock for that long, looking ten times a second; whether it got it. */
  function wait(taker: LockFile, ms: number): boolean {
    for (let waited = 0; waited < ms; waited += 100) {
      if (taker.tryAcquire()) return true;
      time.advance(100);
    }
    return false;
  }

  it('is held by one at a time and passed on when released', () => {
    const [first, second] = [lock(1), lock(2)];
    assert.equal(first.tryAcquire(), true);
    assert.equal(second.tryAcquire(), false);
    first.release();
    assert.equal(second.tryAcquire(), true);
    assert.equal(first.holds(), false);
    assert.equal(second.holds(), true);
  });

  it('that a worker left is taken away by its client, and no other client’s is', () => {
    const [left, next] = [lock(1, { client: 'a' }), lock(1, { client: 'b' })];
    left.tryAcquire();
    assert.equal(next.tryAcquire(), false, 'its process lives');
    removeLockOf('b', { files: nodeFiles, folder, token: 'token' });
    assert.equal(left.holds(), true);
    removeLockOf('a', { files: nodeFiles, folder, token: 'token' });
    assert.deepEqual(readdirSync(folder), []);
    removeLockOf('a', { files: nodeFiles, folder, token: 'token' });
    assert.equal(next.tryAcquire(), true);
  });

  it('is taken from a process that has ended although its parent has not asked about it yet', async function () {
    if (process.platform !== 'linux') return;
    // The shell becomes a process that never asks about the one it started, which writes its number and ends.
    const parent = spawn('sh', ['-c', 'sh -c "echo \\$\\$" & exec tail -f /dev/null'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const [said] = (await once(parent.stdout, 'data')) as [Buffer];
      const pid = Number(said.toString());
      await eventually('the child has ended', () => !thisProcess.isAlive(pid) || undefined);
      assert.equal(process.kill(pid, 0), true, 'the system still shows it');
    } finally {
      parent.kill('SIGKILL');
    }
  });

  it('is taken from a process of this host that is gone', () => {
    const [first, second] = [lock(1), lock(2)];
    first.tryAcquire();
    live.delete(1);
    assert.equal(second.tryAcquire(), true);
    assert.deepEqual(readdirSync(folder), [lockName]);
  });

  it('is not taken from another host before its heartbeat was seen standing still for 10 s', () => {
    const [first, second] = [lock(1, { host: 'there' }), lock(2)];
    first.tryAcquire();
    live.delete(1);
    assert.equal(wait(second, 10_000), false);
    assert.equal(wait(second, 500), true);
  });

  it('is not taken because a clock jumped, however old the heartbeat seems', () => {
    const [first, second] = [lock(1), lock(2)];
    first.tryAcquire();
    const day = 86_400;
    for (const at of [time.now() / 1000 - day, time.now() / 1000 + day]) {
      utimesSync(join(folder, lockName), at, at);
      assert.equal(wait(second, 5000), false);
    }
    assert.equal(first.holds(), true);
  });

  it('is not taken by one whose clock ran on while the machine slept, before it looked a while', () => {
    const [first, second] = [lock(1), lock(2)];
    first.tryAcquire();
    assert.equal(second.tryAcquire(), false);
    time.advance(3_600_000);
    assert.equal(second.tryAcquire(), false);
    first.renew();
    assert.equal(wait(second, 9000), false);
  });

  it('is kept by heartbeats', () => {
    const [first, second] = [lock(1), lock(2)];
    first.tryAcquire();
    for (let i = 0; i < 10; i++) {
      assert.equal(first.renew(), true);
      assert.equal(wait(second, 5000), false);
    }
  });

  it('tells a stalled owner, at its next look, that it was taken', () => {
    const [first, second] = [lock(1), lock(2)];
    first.tryAcquire();
    assert.equal(wait(second, 30_000), true);
    assert.equal(first.holds(), false);
    assert.equal(first.renew(), false);
    first.release();
    assert.equal(second.holds(), true);
  });

  it('left by an earlier worker of the same client is taken at once', () => {
    const [first, second] = [lock(1, { client: 'same' }), lock(1, { client: 'same' })];
    first.tryAcquire();
    assert.equal(second.tryAcquire(), true);
    assert.equal(first.holds(), false);
  });

  for (const text of ['', '{', 'null', '{"pid":"x"}']) {
    it(`with the text ${JSON.stringify(text)} is respected until it was seen standing still`, () => {
      writeFileSync(join(folder, lockName), text);
      const taker = lock(1);
      assert.equal(wait(taker, 10_000), false);
      assert.equal(wait(taker, 500), true);
    });
  }

  it('goes to one of two takers, whatever step the other is at', () => {
    for (const at of ['rename', 'read', 'modifiedAt', 'createExclusive'] as const) {
      for (let nth = 1; nth <= 3; nth++) {
        const { folder: own, remove: removeOwn } = temporaryFolder();
        folder = own;
        lock(1).tryAcquire();
        live.delete(1);
        const rival = lock(3);
        let calls = 0;
        const interrupted = (...args: [string, string]): unknown => {
          if (++calls === nth) rival.tryAcquire();
          return nodeFiles[at](...args);
        };
        const files = { ...nodeFiles, [at]: interrupted };
        const taker = lock(2, { files });
        taker.tryAcquire();
        const holders = [taker, rival].filter((each) => each.holds()).length;
        assert.ok(holders <= 1, `both hold it after ${at} ${nth}`);
        removeOwn();
      }
    }
  });

  it('knows a living process from a dead one', () => {
    assert.equal(thisProcess.isAlive(process.pid), true);
    assert.equal(thisProcess.isAlive(1), true);
    assert.equal(thisProcess.isAlive(2 ** 30), false);
  });

  it('passes on failures that are not about a missing file', () => {
    const broken = (): never => {
      throw Object.assign(new Error('EIO'), { code: 'EIO' });
    };
    lock(1).tryAcquire();
    live.delete(1);
    assert.throws(() => lock(2, { files: { ...nodeFiles, rename: broken } }).tryAcquire(), /EIO/);
    assert.throws(() => lock(2, { files: { ...nodeFiles, read: broken } }).tryAcquire(), /EIO/);
    assert.throws(
      () => lock(4, { host: 'x', files: { ...nodeFiles, modifiedAt: broken } }).tryAcquire(),
      /EIO/,
    );
  });
});
