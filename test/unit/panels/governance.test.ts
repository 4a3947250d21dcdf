import assert from 'node:assert/strict';
import { EngineError } from '../../../src/engine/kernel/errors';
import type { Operation } from '../../../src/engine/kernel/recorder';
import { defaultPolicies } from '../../../src/engine/retention/policy';
import type { PurgeProgress } from '../../../src/engine/retention/purge';
import { GovernanceSession } from '../../../src/extension/panels/governanceSession';
import type { PurgeDto } from '../../../src/protocol/governance';
import {
  FakeHolds,
  FakePurges,
  FakeRetention,
  FakeStorage,
  noon,
  soundStatus,
  usageOf,
} from '../../helpers/retentionFakes';

const mebibyte = 1024 * 1024;
const draft = { retentionDays: '5', budget: '1', minimumKept: '0', autoPurgeOldest: false };

function sessionOf() {
  const parts = {
    retention: new FakeRetention(),
    purges: new FakePurges(),
    holds: new FakeHolds(),
    storage: new FakeStorage(),
  };
  const recorded: string[] = [];
  const shown: (PurgeDto | undefined)[] = [];
  let monotonic = 0;
  const session = new GovernanceSession(
    {
      ...parts,
      recorder: {
        during: async (operation: Operation, work) => {
          const result = await work();
          recorded.push(operation.action);
          return result;
        },
      },
      clock: { now: () => noon, monotonic: () => (monotonic += 50) },
      nameOf: (id) => `name of ${id}`,
    },
    (purge) => shown.push(purge),
  );
  return { ...parts, session, recorded, shown };
}

async function previewed() {
  const all = sessionOf();
  await all.session.preview({ datasets: ['alerts', 'keySnapshots'], before: noon });
  return { ...all, token: all.session.purge.state?.token ?? '' };
}

const rejected = (reason: string) => (thrown: unknown) =>
  thrown instanceof EngineError && thrown.reason === reason;

describe('What the governance panel shows', () => {
  it('tells of each dataset how it stands to its budget', async () => {
    const { session, retention } = sessionOf();
    const budget = defaultPolicies.alerts.budgetBytes;
    const levels = async (): Promise<string[]> => {
      const { datasets } = await session.load();
      return datasets.filter(({ dataset }) => dataset === 'alerts').map(({ level }) => level);
    };
    const use = (databaseBytes: number, payloadBytes = 0): void => {
      retention.rows = [usageOf('alerts', { databaseBytes, payloadBytes })];
    };
    use(Math.ceil(budget * 0.9) - 1);
    assert.deepEqual(await levels(), ['fine']);
    use(mebibyte, Math.ceil(budget * 0.9) - mebibyte);
    assert.deepEqual(await levels(), ['nearlyFull']);
    use(budget);
    assert.deepEqual(await levels(), ['over']);
    retention.full.add('alerts');
    assert.deepEqual(await levels(), ['stopped']);
  });

  it('has every dataset, also those without a record', async () => {
    const { session, retention } = sessionOf();
    retention.rows = [];
    const { datasets } = await session.load();
    assert.equal(datasets.length, 6);
    assert.deepEqual([...new Set(datasets.map(({ rows }) => rows))], [0]);
  });

  it('gives the page no whole path', async () => {
    const { folder } = await sessionOf().session.load();
    assert.equal(folder, '…/globalStorage/cachify.cachify-studio');
  });

  it('names connections, runs and incidents of what is held', async () => {
    const { session, holds } = sessionOf();
    holds.kept.push(
      { id: '1', dataset: 'alerts', holder: 'run:a:b', connectionId: 'c1', at: noon },
      { id: '2', dataset: 'alerts', holder: 'somebody', seq: 4, at: noon },
    );
    const shown = (await session.load()).holds;
    assert.deepEqual(shown, [
      { id: '1', dataset: 'alerts', holder: 'run', holderId: 'a:b', connection: 'name of c1', at: noon },
      { id: '2', dataset: 'alerts', holder: 'other', holderId: 'somebody', seq: 4, at: noon },
    ]);
  });

  it('keeps a policy that is being typed until it is saved or given up', async () => {
    const { session } = sessionOf();
    const typed = async () => (await session.load()).datasets.find((each) => each.draft)?.draft;
    session.hold('alerts', draft);
    assert.deepEqual(await typed(), draft);
    session.hold('alerts', undefined);
    assert.equal(await typed(), undefined);
    session.hold('alerts', draft);
    await session.setPolicy('alerts', defaultPolicies.alerts);
    assert.equal(await typed(), undefined);
  });
});

describe('A policy of the governance panel', () => {
  it('is checked again by the host, and recorded', async () => {
    const { session, retention, recorded } = sessionOf();
    const policy = { ...defaultPolicies.alerts, retentionDays: 14 };
    await assert.rejects(session.setPolicy('alerts', { ...policy, retentionDays: 0 }), rejected('invalid'));
    await assert.rejects(session.setPolicy('alerts', { ...policy, budgetBytes: 1 }), rejected('invalid'));
    const { datasets } = await session.setPolicy('alerts', policy);
    assert.equal(datasets.find(({ dataset }) => dataset === 'alerts')?.policy.retentionDays, 14);
    assert.deepEqual(retention.kept.alerts, policy);
    assert.deepEqual(recorded, ['retention.setPolicy']);
  });

  it('is not saved, and nothing else is changed, while the store is read-only', async () => {
    const { session, retention, storage, holds, purges } = await previewed();
    const { token } = session.purge.state ?? { token: '' };
    storage.now = { ...soundStatus, readOnlyBecause: 'A newer version has written it' };
    holds.kept.push({ id: 'h', dataset: 'alerts', holder: 'person', at: noon });
    const changed = { ...defaultPolicies.alerts, retentionDays: 1 };
    for (const act of [
      () => session.setPolicy('alerts', changed),
      () => session.unpin('h'),
      () => session.confirmPurge(token, '24862'),
    ])
      await assert.rejects(act, /A newer version has written it/);
    assert.deepEqual([retention.kept.alerts, holds.kept.length], [defaultPolicies.alerts, 1]);
    assert.deepEqual(purges.ran, []);
  });
});

describe('A pin', () => {
  it('is removed by the person; what runs and incidents hold is not', async () => {
    const { session, holds, recorded } = sessionOf();
    holds.kept.push(
      { id: 'mine', dataset: 'alerts', holder: 'person', at: noon },
      { id: 'its', dataset: 'alerts', holder: 'run:1', at: noon },
    );
    await assert.rejects(session.unpin('its'), rejected('invalid'));
    const { holds: left } = await session.unpin('mine');
    assert.deepEqual(
      left.map(({ id }) => id),
      ['its'],
    );
    assert.deepEqual(recorded, ['retention.unpin']);
  });
});

describe('A purge of the governance panel', () => {
  it('begins only when the number of its records was typed', async () => {
    const { session, purges, token, recorded } = await previewed();
    for (const typed of ['', '24863', '2486', 'alerts', '-24862', '24,862 records'])
      await assert.rejects(session.confirmPurge(token, typed), rejected('unconfirmed'), typed);
    assert.deepEqual(purges.ran, []);
    await session.confirmPurge(token, '24,862');
    assert.deepEqual(purges.ran, [token]);
    assert.deepEqual(session.purge.state?.progress, {
      doneRows: 24_862,
      remainingRows: 0,
      freedBytes: 24_862 * 1024,
    });
    assert.deepEqual(recorded, ['retention.purge']);
  });

  it('takes what was previewed last, and nothing that was replaced', async () => {
    const { session, purges, token } = await previewed();
    await session.preview({ datasets: ['alerts'], before: noon });
    await assert.rejects(session.confirmPurge(token, '24862'), rejected('stale'));
    assert.deepEqual(purges.ran, []);
  });

  it('of two previews at once shows the one that was asked for last', async () => {
    const { session, purges } = sessionOf();
    const preview = purges.preview.bind(purges);
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    purges.preview = async (request) => {
      const made = await preview(request);
      if (request.datasets.includes('alerts')) await held;
      return made;
    };
    const slow = session.preview({ datasets: ['alerts'], before: noon });
    await session.preview({ datasets: ['keySnapshots'], before: noon });
    letGo();
    await slow;
    assert.deepEqual(
      session.purge.state?.impacts.map(({ dataset }) => dataset),
      ['keySnapshots'],
    );
  });

  it('refuses to purge nothing', async () => {
    const { session, purges } = sessionOf();
    purges.rowsEach = 0;
    await session.preview({ datasets: ['alerts'], before: noon });
    await assert.rejects(session.confirmPurge('token-1', '0'), rejected('invalid'));
  });

  it('is cancelled after its batch, and goes on with the same token', async () => {
    const { session, purges, token } = await previewed();
    purges.work = (total, _report, signal) =>
      new Promise((resolve) => {
        const some = {
          doneRows: 5000,
          remainingRows: total - 5000,
          freedBytes: 1,
          stopped: 'cancelled',
        } as const;
        signal.addEventListener('abort', () => resolve(some), { once: true });
      });
    const ended = session.confirmPurge(token, '24862');
    await tick();
    assert.equal(session.purge.state?.running, true);
    await assert.rejects(session.preview({ datasets: ['alerts'], before: noon }), rejected('stale'));
    assert.throws(() => session.purge.close(), rejected('stale'));
    session.purge.cancel();
    await ended;
    assert.equal(session.purge.state.running, false);
    assert.equal(session.purge.state.progress?.stopped, 'cancelled');

    purges.work = async (total) => ({ doneRows: total, remainingRows: 0, freedBytes: 2 });
    await session.retryPurge(token);
    assert.deepEqual(purges.ran, [token, token]);
    await assert.rejects(session.retryPurge(token), rejected('invalid'));
  });

  it('tells its progress, but not at every batch', async () => {
    const { session, purges, token, shown } = await previewed();
    purges.work = async (total, report) => {
      for (let done = 1; done <= 100; done++)
        report({ doneRows: done, remainingRows: total - done, freedBytes: done });
      return { doneRows: total, remainingRows: 0, freedBytes: total };
    };
    shown.length = 0;
    await session.confirmPurge(token, '24862');
    const reports = shown.filter((purge) => purge?.running && purge.progress);
    // its clock goes on by 50 ms at each look, two looks a report that is told
    assert.ok(reports.length >= 10 && reports.length <= 40, String(reports.length));
    assert.equal(shown.at(-1)?.progress?.doneRows, 24_862);
  });

  it('that fails as a whole leaves its preview, to be tried again', async () => {
    const { session, purges, token } = await previewed();
    purges.work = async (): Promise<PurgeProgress> => {
      throw new EngineError('CONFLICT', 'stale', 'The preview is older than 15 minutes');
    };
    await assert.rejects(session.confirmPurge(token, '24862'), rejected('stale'));
    assert.equal(session.purge.state?.running, false);
    assert.equal(session.purge.state.progress, undefined);
  });
});

/** Lets what was started reach its first wait. */
async function tick(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
