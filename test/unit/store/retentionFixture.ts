import { CollectingSwitch } from '../../../src/engine/retention/collecting';
import { type EnforcerPorts, RetentionEnforcer } from '../../../src/engine/retention/enforcer';
import type { RetentionEvent } from '../../../src/engine/retention/retention';
import type { Lease, LeaseStore } from '../../../src/engine/kernel/leases';
import type { HistoryEvent } from '../../../src/engine/kernel/history';
import type { Dataset } from '../../../src/engine/retention/dataset';
import { PurgeRuns } from '../../../src/engine/retention/purges';
import type { NewRecord } from '../../../src/engine/retention/records';
import { StoredHistory } from '../../../src/providers/store/historyStore';
import { StoredHolds } from '../../../src/providers/store/holdStore';
import { pageUsage } from '../../../src/providers/store/pageUsage';
import { StoredPurgeCounts } from '../../../src/providers/store/purgeCounts';
import { StoredRecords } from '../../../src/providers/store/recordStore';
import { StoredRetention } from '../../../src/providers/store/retentionStore';
import { tableOf } from '../../../src/providers/store/retentionTables';
import { RowParser } from '../../../src/providers/store/rowParser';
import { shrinkStep } from '../../../src/providers/store/shrink';
import type { Sqlite } from '../../../src/providers/store/sqlite';
import type { StoreAccess, StoreUpkeep } from '../../../src/providers/store/storeAccess';
import { type DirectAccess, directAccess } from './directAccess';
import { FakeTime, countingRandom, keptLog } from './storeFixture';

export const dayMs = 24 * 60 * 60_000;

/** Bytes of a database as the owner of a store measures and shrinks them. */
export function upkeepOf(database: Sqlite): StoreUpkeep {
  return {
    tableBytes: () => Promise.resolve(pageUsage(database.export())?.bytes ?? new Map()),
    shrink: () => {
      const before = database.export().length;
      while (shrinkStep(database) > 0);
      return Promise.resolve({ before, after: database.export().length });
    },
  };
}

/** Everything of retention over one store, with the time in the test's hand. */
export interface TestRetention {
  readonly time: FakeTime;
  readonly store: StoredRetention;
  readonly history: StoredHistory;
  readonly records: StoredRecords;
  readonly holds: StoredHolds;
  readonly purges: PurgeRuns;
  readonly collecting: CollectingSwitch;
  readonly enforcer: RetentionEnforcer;
  readonly events: RetentionEvent[];
  readonly log: ReturnType<typeof keptLog>;
}

/** Makes them over a store; `leases` decide who may work. */
export function retentionOver(
  access: StoreAccess,
  upkeep: StoreUpkeep,
  overrides: Partial<EnforcerPorts> & { readonly time?: FakeTime } = {},
): TestRetention {
  const log = keptLog();
  const { time = new FakeTime() } = overrides;
  const rows = new RowParser(log);
  const store = new StoredRetention(access, upkeep, rows);
  const holds = new StoredHolds(access, rows);
  const collecting = new CollectingSwitch();
  const shared = { store, upkeep, clock: time };
  const purges = new PurgeRuns({
    ...shared,
    counts: new StoredPurgeCounts(access, upkeep),
    holds,
    random: countingRandom('purge'),
  });
  const enforcer = new RetentionEnforcer({
    ...shared,
    leases: heldLease(access),
    holder: 'window',
    collecting,
    timers: time,
    log,
    ...overrides,
  });
  const events: RetentionEvent[] = [];
  enforcer.onEvent((event) => void events.push(event));
  const history = new StoredHistory(access, rows);
  const records = new StoredRecords(access, rows);
  return { time, store, history, records, holds, purges, collecting, enforcer, events, log };
}

/** The same over a database in memory. */
export async function makeRetention(): Promise<TestRetention & { readonly access: DirectAccess }> {
  const access = await directAccess();
  return { access, ...retentionOver(access, upkeepOf(access.database)) };
}

/** A lease that is always granted, and is in the table that guards ask. */
export function heldLease(access: StoreAccess): LeaseStore {
  return {
    acquire: async (name, holder): Promise<Lease> => {
      const sql = 'INSERT OR REPLACE INTO leases (name, holder, epoch, expires_at) VALUES (?, ?, 1, 0)';
      await access.write([{ sql, params: [name, holder] }]);
      return { name, holder, epoch: 1 };
    },
    renew: () => Promise.resolve(true),
    release: () => Promise.resolve(),
  };
}

/** An event at this time. */
export function eventAt(timestamp: number, connectionId?: string): HistoryEvent {
  return {
    id: `event-${timestamp}`,
    timestamp,
    source: 'app',
    action: 'key.set',
    durationMs: 1,
    status: 'success',
    attempts: 1,
    correlationId: 'c',
    ...(connectionId !== undefined && { connectionId }),
  };
}

/** A record of about this many bytes. */
export function recordAt(id: string, at: number, bytes = 10): NewRecord {
  return { id, at, content: { text: 'x'.repeat(bytes) } };
}

/** The `seq` of the records of a dataset, ascending. */
export async function seqsOf(access: StoreAccess, dataset: Dataset): Promise<number[]> {
  const rows = await access.read({
    name: 'of a test',
    sql: `SELECT seq FROM ${tableOf(dataset).table} ORDER BY seq`,
  });
  return rows.map(([seq]) => Number(seq));
}
