import { EngineError } from '../../../src/engine/kernel/errors';
import type { Hold } from '../../../src/engine/retention/holds';
import { governanceHandlers } from '../../../src/extension/panels/governanceHandlers';
import { GovernanceSession } from '../../../src/extension/panels/governanceSession';
import type { Handlers } from '../../../src/extension/panels/rpcHost';
import type { governanceMethods, PurgeDto } from '../../../src/protocol/governance';
import {
  day,
  FakeHolds,
  FakePurges,
  FakeRetention,
  FakeStorage,
  noon,
  soundStatus,
  usageOf,
} from '../../helpers/retentionFakes';

const mebibyte = 1024 * 1024;

/** The host side of the panel as it ships, over an engine that a test sets. */
export class GovernanceHost {
  readonly retention = new FakeRetention();
  readonly purges = new FakePurges();
  readonly holds = new FakeHolds();
  readonly storage = new FakeStorage();
  /** Acts the page asked for. */
  readonly acts: string[] = [];
  /** Set by the page that is open. */
  emitPurge: (purge: PurgeDto | undefined) => void = () => undefined;
  private monotonic = 0;

  readonly session = new GovernanceSession(
    {
      ...{ retention: this.retention, purges: this.purges, holds: this.holds, storage: this.storage },
      recorder: { during: (_operation, work) => work() },
      clock: { now: () => noon, monotonic: () => (this.monotonic += 1000) },
      nameOf: () => 'orders-cache',
    },
    (purge) => this.emitPurge(purge),
  );

  readonly handlers: Handlers<typeof governanceMethods> = governanceHandlers(
    this.session,
    {
      backUp: async () => void this.acts.push('backUp'),
      showStorage: async () => void this.acts.push('showStorage'),
    },
    () => undefined,
  );
}

const holds: readonly Hold[] = [
  { id: 'h1', dataset: 'timelineEvents', holder: 'person', seq: 1204, at: noon - 2 * day },
  {
    ...{ id: 'h2', dataset: 'keySnapshots', holder: 'run:nightly-warmup-17', at: noon - day },
    ...{ connectionId: 'c1', from: noon - 3 * day, to: noon - 2 * day },
  },
  {
    id: 'h3',
    dataset: 'incidentArtifacts',
    holder: 'incident:INC-7',
    connectionId: 'c1',
    at: noon - 3 * day,
  },
];

/** A host in each state that a person may find. */
export const governanceStates: Readonly<Record<string, () => GovernanceHost>> = {
  empty: () => {
    const host = new GovernanceHost();
    host.retention.rows = [];
    return host;
  },
  full: () => {
    const host = new GovernanceHost();
    const { rows } = host.retention;
    rows[0] = usageOf('observabilitySnapshots', { rows: 86_400, databaseBytes: 31 * mebibyte });
    rows[1] = usageOf('timelineEvents', { rows: 1_204_311, databaseBytes: 84 * mebibyte, heldRows: 1 });
    rows[4] = usageOf('incidentArtifacts', {
      ...{ rows: 212, databaseBytes: mebibyte, payloadBytes: 40 * mebibyte, heldRows: 212 },
    });
    rows[5] = usageOf('keySnapshots', {
      rows: 4120,
      databaseBytes: 6 * mebibyte,
      payloadBytes: 201 * mebibyte,
    });
    host.holds.kept.push(...holds);
    return host;
  },
  warn: () => {
    const host = governanceStates['full']!();
    host.retention.rows[1] = usageOf('timelineEvents', { rows: 1_704_311, databaseBytes: 118 * mebibyte });
    return host;
  },
  over: () => {
    const host = governanceStates['warn']!();
    host.retention.rows[2] = usageOf('alerts', { rows: 90_000, databaseBytes: 18 * mebibyte });
    host.retention.rows[5] = usageOf('keySnapshots', {
      ...{ rows: 9120, databaseBytes: 20 * mebibyte, payloadBytes: 390 * mebibyte, heldRows: 9020 },
    });
    host.retention.full.add('keySnapshots');
    return host;
  },
  readOnly: () => {
    const host = governanceStates['full']!();
    host.storage.now = {
      ...soundStatus,
      owner: { ...soundStatus.owner, isThisWindow: false, windows: 1 },
      readOnlyBecause: 'The store was written by a newer version: update this one, or close that window.',
    };
    return host;
  },
  failed: () => {
    const host = new GovernanceHost();
    host.retention.failure = new EngineError(
      'INTERNAL_ERROR',
      'store-failed',
      'The store does not answer. Nothing was changed: try again, or reload the window',
    );
    return host;
  },
};

/** A host whose purge is a fifth done and goes on until it is cancelled. */
export function runningHost(): GovernanceHost {
  const host = governanceStates['full']!();
  host.purges.work = (total, report, signal) =>
    new Promise((resolve) => {
      const fifth = { doneRows: total / 5, remainingRows: total - total / 5, freedBytes: 12 * mebibyte };
      signal.addEventListener('abort', () => resolve({ ...fifth, stopped: 'cancelled' }), { once: true });
      report(fifth);
    });
  host.purges.rowsEach = 12_430;
  return host;
}

/** A host whose first run stops halfway; the next one does the rest. */
export function stoppedHost(): GovernanceHost {
  const host = governanceStates['full']!();
  host.purges.rowsEach = 12_430;
  host.purges.work = async (total) => {
    const half = { doneRows: total / 2, remainingRows: total / 2, freedBytes: 31 * mebibyte };
    if (host.purges.ran.length > 1)
      return { doneRows: total / 2, remainingRows: 0, freedBytes: 31 * mebibyte };
    return { ...half, stopped: 'failed', message: 'The disk is full.' };
  };
  return host;
}
