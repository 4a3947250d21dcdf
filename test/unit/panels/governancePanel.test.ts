import assert from 'node:assert/strict';
import { EngineError } from '../../../src/engine/kernel/errors';
import type { Disposable } from '../../../src/engine/kernel/lifetime';
import type { Handlers } from '../../../src/extension/panels/rpcHost';
import { GovernancePanel } from '../../../src/extension/panels/governancePanel';
import type { governanceMethods } from '../../../src/protocol/governance';
import { eventually } from '../../helpers/eventually';
import {
  FakeHolds,
  FakePurges,
  FakeRetention,
  FakeStorage,
  noon,
  usageOf,
} from '../../helpers/retentionFakes';

function panelOf() {
  const parts = {
    retention: new FakeRetention(),
    purges: new FakePurges(),
    holds: new FakeHolds(),
    storage: new FakeStorage(),
  };
  const due: (() => void)[] = [];
  const seen = { isVisible: true };
  const stopped: (readonly [number, number])[] = [];
  const logged: string[] = [];
  const ignore = (): void => undefined;
  const governance = new GovernancePanel(
    {
      ...parts,
      recorder: { during: (_operation, work) => work() },
      clock: { now: () => noon, monotonic: () => 0 },
      nameOf: (id) => id,
      log: { debug: ignore, info: ignore, warn: (message) => logged.push(message), error: ignore },
      timers: {
        after: (_ms, work) => {
          due.push(work);
          return { dispose: () => due.splice(due.indexOf(work), 1) };
        },
      },
      title: 'Governance',
      onStopped: (done, remaining) => stopped.push([done, remaining]),
    },
    { backUp: async () => undefined, showStorage: async () => undefined },
  );
  const owned: Disposable[] = [];
  const emitted: { readonly name: string; readonly data: unknown }[] = [];
  const handlers = governance.surface.start({
    emit: (name: string, data: unknown) => void emitted.push({ name, data }),
    own: (handle) => {
      owned.push(handle);
      return handle;
    },
    setTitle: ignore,
    isActive: () => true,
    isVisible: () => seen.isVisible,
    close: ignore,
  });
  const close = (): void => owned.forEach((handle) => void handle.dispose());
  return { ...parts, governance, handlers, emitted, close, stopped, logged, due, seen };
}

const call = { signal: new AbortController().signal, correlationId: 'test' };

/** Previews a purge of one dataset and confirms it. */
async function purge(handlers: Handlers<typeof governanceMethods>) {
  await handlers['governance/preview']({ datasets: ['alerts'], before: noon }, call);
  return handlers['governance/purge']({ token: 'token-1', typed: '12431' }, call);
}

describe('An open governance panel', () => {
  it('is told the first change at once, and all those of the next few seconds together', async () => {
    const { retention, emitted, close, due } = panelOf();
    for (let times = 0; times < 50; times++) retention.changes.fire();
    await eventually('the first change is told', () => emitted[0]);
    assert.deepEqual([due.length, emitted.length], [1, 1]);
    retention.rows = [usageOf('alerts', { rows: 7 })];
    due.shift()?.();
    await eventually('the others are told', () => emitted[1]);
    assert.ok(JSON.stringify(emitted[1]?.data).includes('"rows":7'));
    due.shift()?.();
    assert.deepEqual([due.length, emitted.length], [0, 2]);
    retention.changes.fire();
    assert.equal(due.length, 1);
    close();
    assert.deepEqual([due.length, retention.changes.size], [0, 0]);
  });

  it('is told the last state when something changes while it is read', async () => {
    const { governance, emitted, close } = panelOf();
    await Promise.all([governance.refresh(), governance.refresh(), governance.refresh()]);
    assert.equal(emitted.length, 2);
    close();
  });

  it('measures nothing while nobody sees it', async () => {
    const { governance, emitted, close, seen } = panelOf();
    seen.isVisible = false;
    await governance.refresh();
    assert.equal(emitted.length, 0);
    close();
  });

  it('logs, and stays as it is, when what changed cannot be read', async () => {
    const { retention, emitted, governance, logged, close } = panelOf();
    retention.failure = new EngineError('INTERNAL_ERROR', 'store-failed', 'gone');
    await governance.refresh();
    assert.deepEqual([emitted.length, logged.length], [0, 1]);
    retention.failure = undefined;
    await governance.refresh();
    assert.equal(emitted.length, 1);
    close();
  });

  it('says what remains of a purge that was stopped by closing it', async () => {
    const { purges, handlers, close, stopped } = panelOf();
    purges.work = (total, _report, signal) =>
      new Promise((resolve) => {
        const some = {
          doneRows: 431,
          remainingRows: total - 431,
          freedBytes: 0,
          stopped: 'cancelled',
        } as const;
        signal.addEventListener('abort', () => resolve(some), { once: true });
      });
    const ended = purge(handlers);
    await eventually('it runs', () => purges.ran[0]);
    close();
    await ended;
    assert.deepEqual(stopped, [[431, 12_000]]);
  });

  it('says nothing of a purge that was done, nor while it is open', async () => {
    const { handlers, close, stopped, emitted } = panelOf();
    await purge(handlers);
    close();
    assert.deepEqual(stopped, []);
    assert.ok(emitted.some(({ name }) => name === 'governance/purge'));
  });
});
