import { Emitter } from '../../src/engine/kernel/events';
import type { EngineError } from '../../src/engine/kernel/errors';
import { datasets, type Dataset, type DatasetUsage } from '../../src/engine/retention/dataset';
import type { Hold, HoldStore } from '../../src/engine/retention/holds';
import { defaultPolicies, type RetentionPolicy } from '../../src/engine/retention/policy';
import type {
  PurgeImpact,
  PurgeLoss,
  PurgePreview,
  PurgeProgress,
  PurgeRequest,
  Purges,
} from '../../src/engine/retention/purge';
import type { Retention, RetentionEvent } from '../../src/engine/retention/retention';
import type { Storage, StorageFile, StorageStatus, VerifyReport } from '../../src/engine/retention/storage';

/** Noon of a day in November 2026, for records that look alike on every run. */
export const noon = Date.UTC(2026, 10, 20, 12);
export const day = 24 * 60 * 60 * 1000;

/** A dataset with records of its last 30 days; what is given replaces the rest. */
export function usageOf(dataset: Dataset, change: Partial<DatasetUsage> = {}): DatasetUsage {
  return {
    ...{ dataset, rows: 12_000, databaseBytes: 3_000_000, payloadBytes: 0, heldRows: 0 },
    ...{ oldestAt: noon - 30 * day, newestAt: noon },
    ...change,
  };
}

/** Retention over what a test puts in. */
export class FakeRetention implements Retention {
  readonly changes = new Emitter<void>();
  readonly events = new Emitter<RetentionEvent>();
  readonly onChange = this.changes.event;
  readonly onEvent = this.events.event;
  rows: DatasetUsage[] = datasets.map((dataset) => usageOf(dataset));
  kept: Record<Dataset, RetentionPolicy> = { ...defaultPolicies };
  full = new Set<Dataset>();
  /** Records that the next policy would take. */
  taken = 0;
  failure: EngineError | undefined;

  async usage(): Promise<readonly DatasetUsage[]> {
    if (this.failure) throw this.failure;
    return this.rows;
  }

  async policies(): Promise<Readonly<Record<Dataset, RetentionPolicy>>> {
    return this.kept;
  }

  async impactOf(dataset: Dataset): Promise<PurgeImpact> {
    return impactOf(dataset, this.taken);
  }

  async setPolicy(dataset: Dataset, policy: RetentionPolicy): Promise<void> {
    if (this.failure) throw this.failure;
    this.kept = { ...this.kept, [dataset]: policy };
    this.changes.fire();
  }

  stopped(): ReadonlySet<Dataset> {
    return this.full;
  }
}

/** An impact of as many rows, a kibibyte each. */
export function impactOf(dataset: Dataset, rows: number): PurgeImpact {
  return {
    ...{ dataset, rows, databaseBytes: rows * 1024, payloadBytes: 0, heldRows: 0 },
    ...{ oldestLeftAt: noon - 7 * day, newestLeftAt: noon },
  };
}

/** Purges in batches that a test lets go on. */
export class FakePurges implements Purges {
  /** Rows of each dataset that is asked for. */
  rowsEach = 12_431;
  heldRows = 0;
  losses: readonly PurgeLoss[] = [{ kind: 'timeline', count: 12_431, from: noon - 7 * day }];
  readonly asked: PurgeRequest[] = [];
  readonly ran: string[] = [];
  /** What each run does; by default all goes at once. */
  work: (
    total: number,
    report: (progress: PurgeProgress) => void,
    signal: AbortSignal,
  ) => Promise<PurgeProgress> = async (total) => ({
    doneRows: total,
    remainingRows: 0,
    freedBytes: total * 1024,
  });
  private total = 0;

  async preview(request: PurgeRequest): Promise<PurgePreview> {
    this.asked.push(request);
    const impacts = request.datasets.map((dataset) => ({
      ...impactOf(dataset, this.rowsEach),
      heldRows: this.heldRows,
    }));
    this.total = impacts.reduce((sum, { rows }) => sum + rows, 0);
    return { token: `token-${this.asked.length}`, madeAt: noon, request, impacts, losses: this.losses };
  }

  async run(
    token: string,
    onProgress: (progress: PurgeProgress) => void,
    signal: AbortSignal,
  ): Promise<PurgeProgress> {
    this.ran.push(token);
    return this.work(this.total, onProgress, signal);
  }
}

/** Holds in memory. */
export class FakeHolds implements HoldStore {
  constructor(readonly kept: Hold[] = []) {}

  async list(): Promise<Hold[]> {
    return [...this.kept];
  }

  async add(hold: Hold): Promise<void> {
    this.kept.push(hold);
  }

  async remove(id: string): Promise<void> {
    const at = this.kept.findIndex((hold) => hold.id === id);
    if (at >= 0) this.kept.splice(at, 1);
  }
}

/** A store that is well, in a folder nobody has. */
export const soundStatus: StorageStatus = {
  folder: '/home/me/.config/Code/User/globalStorage/cachify.cachify-studio',
  owner: { isThisWindow: true, pid: 4312, host: 'laptop', since: noon - day, windows: 3 },
  epoch: 7,
  schemaVersion: 2,
  journalBytes: 1_200_000,
  snapshots: [{ name: 'snapshot-12.sqlite', bytes: 96_000_000, at: noon - 300_000 }],
  backups: [{ name: 'backup-2026-11-19.sqlite', bytes: 95_000_000, at: noon - day }],
  setAside: [],
  totalBytes: 412_000_000,
  damage: [],
};

/** A store that answers as a test says. */
export class FakeStorage implements Storage {
  constructor(public now: StorageStatus = soundStatus) {}

  report: VerifyReport = {
    isSound: true,
    integrity: ['ok'],
    tables: [{ table: 'history_events', rows: 12_000, replayedRows: 12_000, agrees: true }],
    damage: [],
    payloads: { checked: 3, missing: 0, damaged: 0, withoutKey: 0 },
    durationMs: 1840,
  };

  async status(): Promise<StorageStatus> {
    return this.now;
  }

  async backUp(): Promise<StorageFile> {
    return { name: 'backup-2026-11-20.sqlite', bytes: 96_000_000, at: noon };
  }

  async verify(): Promise<VerifyReport> {
    return this.report;
  }
}
