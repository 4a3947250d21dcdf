import type { Clock } from '../../engine/kernel/ports';
import type { VerifyReport } from '../../engine/retention/storage';
import { compareTables } from './compareTables';
import { type LoadOptions, loadStore } from './loadStore';
import { migrate } from './migrate';
import { readSnapshot } from './snapshotFile';
import type { Sqlite } from './sqlite';
import { listStore, snapshotName } from './storeFolder';
import { damageFound } from './storeStatus';

/** Complaints of SQLite that are told at most. */
const complaintLimit = 100;

/** What a check of the store needs. */
export interface VerifyOptions extends LoadOptions {
  /** The database in use. */
  readonly database: Sqlite;
  readonly clock: Clock;
  /** Lets other requests pass; what is checked after it is checked as it is then. */
  readonly breathe: () => Promise<void>;
}

/**
 * Checks the database in use by SQLite's own means, and its files by loading them into a second one and comparing the
 * two: what is acknowledged has to be in both. Changes nothing; takes as long as opening the store, and its memory
 * once more. No transaction may be open.
 */
export async function verifyStore(options: VerifyOptions): Promise<Omit<VerifyReport, 'payloads'>> {
  const { database, clock, breathe } = options;
  const started = clock.monotonic();
  const integrity = database
    .query(`PRAGMA integrity_check(${complaintLimit})`)
    .map(([complaint]) => String(complaint));
  await breathe();
  const { tables, damage } = verifyFiles(options);
  const isWhole = integrity.length === 1 && integrity[0] === 'ok';
  return {
    isSound: isWhole && damage.length === 0 && tables.every(({ agrees }) => agrees),
    integrity,
    tables,
    damage,
    durationMs: clock.monotonic() - started,
  };
}

function verifyFiles(options: VerifyOptions): Pick<VerifyReport, 'tables' | 'damage'> {
  const loaded = loadStore(options);
  try {
    // The database in use was upgraded when it was opened; until its first checkpoint the files may not be.
    migrate(loaded.database, options.migrations, options.database.version, options.beat);
    const damagedSnapshots = countDamagedSnapshots(options);
    return {
      tables: compareTables(options.database, loaded.database, options.beat),
      damage: damageFound({ ...loaded.damage, damagedSnapshots }),
    };
  } finally {
    loaded.database.close();
  }
}

/** Loading stops at the newest snapshot that is whole; the one before it is what a damaged one is replaced by. */
function countDamagedSnapshots({ files, folder }: LoadOptions): number {
  const { snapshots } = listStore(files, folder);
  return snapshots.filter((generation) => !readSnapshot(files, folder, snapshotName(generation), generation))
    .length;
}
