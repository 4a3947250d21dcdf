import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { mock } from 'node:test';
import { pause, withDeadline } from '../../../src/engine/kernel/deadline';
import type { EngineError } from '../../../src/engine/kernel/errors';
import { rejectsWith } from '../../helpers/rejects';

describe('a deadline', () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
  });
  afterEach(() => {
    mock.timers.reset();
  });
  const never = new Promise<string>(() => undefined);

  it('lets the value of punctual work through, and leaves no timer', async () => {
    let expired = 0;
    const value = await withDeadline(Promise.resolve('done'), { timeoutMs: 50 }, 'Work', () => expired++);
    mock.timers.tick(1000);
    assert.deepEqual([value, expired], ['done', 0]);
  });

  it('passes on exactly what the work threw', async () => {
    const thrown = new Error('own');
    await assert.rejects(
      withDeadline(Promise.reject(thrown), { timeoutMs: 50 }, 'Work'),
      (e) => e === thrown,
    );
  });

  it('rejects with TIMEOUT only when the time is over, and ends what hangs first', async () => {
    const ended: EngineError[] = [];
    const waiting = withDeadline(never, { timeoutMs: 50 }, 'PING', (error) => ended.push(error));
    mock.timers.tick(49);
    assert.equal(ended.length, 0);
    mock.timers.tick(1);
    const error = await rejectsWith(waiting, 'TIMEOUT', 'timeout');
    assert.deepEqual(ended, [error]);
    assert.match(error.message, /PING got no answer within 50 ms/);
    assert.equal(error.retryable, true);
  });

  it('rejects with `cancelled` on an abort, before or during the wait, and stops listening', async () => {
    const before = AbortSignal.abort();
    await rejectsWith(withDeadline(never, { timeoutMs: 50, signal: before }, 'Work'), 'TIMEOUT', 'cancelled');
    const during = new AbortController();
    const waiting = withDeadline(never, { timeoutMs: 50, signal: during.signal }, 'Work');
    during.abort();
    assert.equal((await rejectsWith(waiting, 'TIMEOUT', 'cancelled')).retryable, false);
  });

  it('listens to one signal once, however many waits share it, and not at all after the last', async () => {
    const shared = new AbortController();
    const { signal } = shared;
    const done = withDeadline(Promise.resolve(), { timeoutMs: 50, signal }, 'Work');
    const waiting = Array.from({ length: 40 }, () => withDeadline(never, { timeoutMs: 50, signal }, 'Work'));
    await done;
    assert.equal(getEventListeners(signal, 'abort').length, 1);
    shared.abort();
    for (const each of waiting) await rejectsWith(each, 'TIMEOUT', 'cancelled');
    const fresh = new AbortController();
    await withDeadline(Promise.resolve(), { timeoutMs: 50, signal: fresh.signal }, 'Work');
    assert.equal(getEventListeners(fresh.signal, 'abort').length, 0);
  });

  it('ignores a late failure of the work', async () => {
    const unhandled: unknown[] = [];
    const note = (thrown: unknown): void => void unhandled.push(thrown);
    process.on('unhandledRejection', note);
    let fail: (error: Error) => void = () => undefined;
    const work = new Promise<never>((_, reject) => (fail = reject));
    const waiting = withDeadline(work, { timeoutMs: 5 }, 'Work');
    mock.timers.tick(5);
    await rejectsWith(waiting, 'TIMEOUT', 'timeout');
    fail(new Error('late'));
    await new Promise(setImmediate);
    process.off('unhandledRejection', note);
    assert.deepEqual(unhandled, []);
  });

  it('pauses for the time given, or until the signal aborts', async () => {
    const ends: string[] = [];
    const abort = new AbortController();
    const timed = pause(20).then(() => ends.push('timed'));
    const cut = pause(20_000, abort.signal).then(() => ends.push('cut'));
    abort.abort();
    await cut;
    mock.timers.tick(20);
    await timed;
    await pause(20_000, abort.signal);
    assert.deepEqual(ends, ['cut', 'timed']);
  });
});
