import assert from 'node:assert/strict';
import { EngineError } from '../../../src/engine/kernel/errors';
import { Emitter } from '../../../src/engine/kernel/events';
import { CollectingSwitch } from '../../../src/engine/retention/collecting';
import type { Dataset } from '../../../src/engine/retention/dataset';
import { followRounds } from '../../../src/engine/retention/followRounds';
import type { RetentionRound } from '../../../src/engine/retention/round';
import { keptLog } from './storeFixture';

function roundThat(...stopped: Dataset[]): RetentionRound {
  return { now: 0, doubtedMs: 0, warned: [], purged: [], stopped };
}

/** A window without the lease of retention: it hears of rounds, and each answer is given by the test. */
function aWindow() {
  const rounds = new Emitter<undefined>();
  const answers: ((round: RetentionRound | undefined) => void)[] = [];
  const collecting = new CollectingSwitch();
  const log = keptLog();
  const store: { lastRound(): Promise<RetentionRound | undefined> } = {
    lastRound: () => new Promise((resolve) => answers.push(resolve)),
  };
  const following = followRounds({
    store,
    collecting,
    onRound: (listener) => rounds.event(listener),
    log,
  });
  const hear = (): void => rounds.fire(undefined);
  return { rounds, answers, collecting, log, store, following, hear };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('A window that another one does retention for', () => {
  it('stops and resumes collecting with the round of the other, not with its own timer', async () => {
    const { answers, collecting, hear, following } = aWindow();
    hear();
    answers.shift()?.(roundThat('alerts'));
    await settled();
    assert.deepEqual([...collecting.stopped], ['alerts']);
    hear();
    answers.shift()?.(roundThat());
    await settled();
    assert.equal(collecting.isOn('alerts'), true);
    following.dispose();
  });

  it('collects everything before the first round', async () => {
    const { answers, collecting, hear, following } = aWindow();
    hear();
    answers.shift()?.(undefined);
    await settled();
    assert.equal(collecting.stopped.size, 0);
    following.dispose();
  });

  it('takes the answer to its last question, in whatever order answers come', async () => {
    const { answers, collecting, hear, following } = aWindow();
    hear();
    hear();
    answers[1]?.(roundThat('alerts'));
    answers[0]?.(roundThat('keySnapshots'));
    await settled();
    assert.deepEqual([...collecting.stopped], ['alerts']);
    following.dispose();
  });

  it('stays as it is when the round cannot be read, and says so in the log', async () => {
    const { collecting, log, store, hear, following } = aWindow();
    collecting.set(['alerts']);
    store.lastRound = () => Promise.reject(new EngineError('INTERNAL_ERROR', 'store-failed', 'gone'));
    hear();
    await settled();
    assert.equal(collecting.isOn('alerts'), false);
    assert.equal(log.lines.length, 1);
    following.dispose();
  });

  it('hears nothing more once it has ended, late answers included', async () => {
    const { rounds, answers, collecting, hear, following } = aWindow();
    hear();
    following.dispose();
    answers.shift()?.(roundThat('alerts'));
    await settled();
    assert.deepEqual([rounds.size, collecting.stopped.size], [0, 0]);
  });
});
