import assert from 'node:assert/strict';
import { EngineError, type EngineError as Failure } from '../../../src/engine/kernel/errors';
import type { HistoryStore } from '../../../src/engine/kernel/history';
import { Recorder } from '../../../src/engine/kernel/recorder';
import { memoryHistory, memoryLog } from '../../helpers/ports';

function recorderOn(history: HistoryStore, isCollecting?: () => boolean) {
  let now = 100;
  let ids = 0;
  const log = memoryLog();
  const failures: Failure[] = [];
  const clock = { now: () => 1_700_000_000_000, monotonic: () => (now += 5) };
  const random = { id: () => `id-${++ids}`, next: () => 0 };
  const recorder = new Recorder(
    { history, clock, random, log, ...(isCollecting && { isCollecting }) },
    (error) => failures.push(error),
  );
  return { recorder, log, failures };
}

const operation = { action: 'key.delete', connectionId: 'c', keyOrPattern: 'user:1' };

describe('the recorder', () => {
  it('records one event an operation, with how long it took and how it ended', async () => {
    const history = memoryHistory();
    const { recorder } = recorderOn(history);
    const result = await recorder.during(operation, () => Promise.resolve(7));
    await recorder.settled();
    assert.equal(result, 7);
    assert.deepEqual(history.events, [
      {
        ...operation,
        id: 'id-1',
        correlationId: 'id-1',
        timestamp: 1_700_000_000_000,
        source: 'app',
        durationMs: 5,
        status: 'success',
        attempts: 1,
      },
    ]);
  });

  it('G53: records nothing while there is no room, runs every operation, and records again when there is', async () => {
    const history = memoryHistory();
    let hasRoom = false;
    const { recorder, failures } = recorderOn(history, () => hasRoom);
    assert.equal(await recorder.during(operation, () => Promise.resolve(7)), 7);
    hasRoom = true;
    await recorder.during(operation, () => Promise.resolve(8));
    await recorder.settled();
    assert.deepEqual([history.events.length, failures.length], [1, 0]);
  });

  it('records a failure by code and passes it on, its message kept out of the history', async () => {
    const history = memoryHistory();
    const { recorder } = recorderOn(history);
    const thrown = new EngineError('TIMEOUT', 'timeout', 'secret text of the server', { retryable: true });
    await assert.rejects(
      recorder.during(operation, () => Promise.reject(thrown)),
      (e) => e === thrown,
    );
    await recorder.settled();
    const [event] = history.events;
    assert.deepEqual([event?.status, event?.errorCode, event?.retryable], ['error', 'TIMEOUT', true]);
    assert.doesNotMatch(JSON.stringify(event), /secret text/);
  });

  it('lets a result name its own ending, and merges its details over those of the operation', async () => {
    const history = memoryHistory();
    const { recorder } = recorderOn(history);
    const ending = () => ({ status: 'unknown' as const, attempts: 3, details: { total: 2 } });
    await recorder.during({ ...operation, details: { total: 1, db: 4 } }, () => Promise.resolve(), ending);
    await recorder.settled();
    const [event] = history.events;
    assert.deepEqual([event?.status, event?.attempts, event?.details], ['unknown', 3, { total: 2, db: 4 }]);
  });

  it('records a refusal as blocked', async () => {
    const history = memoryHistory();
    const { recorder } = recorderOn(history);
    recorder.blocked(operation, new EngineError('UNAUTHORIZED', 'read-only', 'read-only'));
    await recorder.settled();
    assert.deepEqual(
      history.events.map(({ status, errorCode }) => [status, errorCode]),
      [['blocked', 'UNAUTHORIZED']],
    );
  });

  const broken: [string, () => Promise<void>][] = [
    ['rejects', () => Promise.reject(new Error('disk full at /secret/path'))],
    [
      'throws at once',
      () => {
        throw new Error('closed');
      },
    ],
  ];
  for (const [how, append] of broken) {
    it(`fails no work when the history ${how}, but logs and tells it`, async () => {
      const { recorder, log, failures } = recorderOn({ append, list: () => Promise.resolve([]) });
      assert.equal(await recorder.during(operation, () => Promise.resolve('done')), 'done');
      await assert.rejects(
        recorder.during(operation, () => Promise.reject(new Error('own'))),
        { message: 'own' },
      );
      recorder.blocked(operation, new EngineError('UNAUTHORIZED', 'read-only', 'no'));
      await recorder.settled();
      assert.deepEqual([failures.length, log.lines.length], [3, 3]);
      assert.doesNotMatch(log.lines.join(), /secret|user:1/);
    });
  }
});
