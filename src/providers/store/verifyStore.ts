import type { StorageDamage, VerifyReport } from '../../engine/retention/storage';
import { type TableDigest, compareTables, digestTables } from './compareTables';
import { type FrozenFiles, thawed } from './frozenFiles';
import { type LoadOptions, loadStore } from './loadStore';
import { migrate } from './migrate';
import { readSnapshot } from './snapshotFile';
import type { OpenDatabase } from './sqlite';
import { listStore, snapshotName } from './storeFolder';
import { damageFound } from './storeStatus';

/** Complaints of SQLite that are told at most. */
const complaintLimit = 100;

/** What was found in a database. */
export interface CheckedDatabase {
  readonly integrity: readonly string[];
  readonly version: number;
  readonly tables: ReadonlyMap<string, TableDigest>;
}

/** What was found in the files of a store. */
export interface CheckedFiles {
  readonly damage: readonly StorageDamage[];
  readonly tables: ReadonlyMap<string, TableDigest>;
}

/** Checks a database, as the bytes of a file, by SQLite's own means. */
export function checkDatabase(file: Uint8Array, openDatabase: OpenDatabase): CheckedDatabase {
  const database = openDatabase(file);
  try {
    const complaints = database.query(`PRAGMA integrity_check(${complaintLimit})`);
    return {
      integrity: complaints.map(([complaint]) => String(complaint)),
      version: database.version,
      tables: digestTables(database),
    };
  } finally {
    database.close();
  }
}

/**
 * Loads the files of a store as they were at one moment. `version` is that of the database in use: it was upgraded when
 * it was opened, and until its first checkpoint the files may not be. Changes nothing.
 */
export function checkFiles(files: FrozenFiles, version: number, options: LoadOptions): CheckedFiles {
  const asThen = { ...options, files: thawed(options.files, files) };
  const { database, damage } = loadStore(asThen);
  try {
    migrate(database, options.migrations, version);
    const damagedSnapshots = damage.damagedSnapshots + countDamaged(asThen, damage.damagedSnapshots);
    return { damage: damageFound({ ...damage, damagedSnapshots }), tables: digestTables(database) };
  } finally {
    database.close();
  }
}

/** Puts together what was found: what is acknowledged has to be both in the database in use and in the files. */
export function verdictOf(
  { integrity, tables: inUse }: CheckedDatabase,
  { damage, tables: replayed }: CheckedFiles,
): Omit<VerifyReport, 'payloads' | 'durationMs'> {
  const tables = compareTables(inUse, replayed);
  const isWhole = integrity.length === 1 && integrity[0] === 'ok';
  return {
    isSound: isWhole && damage.length === 0 && tables.every(({ agrees }) => agrees),
    integrity,
    tables,
    damage,
  };
}

/** Loading stops at the newest snapshot that is whole; those before it are what a damaged one is replaced by. */
function countDamaged({ files, folder }: LoadOptions, met: number): number {
  const { snapshots } = listStore(files, folder);
  const older = snapshots.slice(0, Math.max(0, snapshots.length - met - 1));
  return older.filter((generation) => !readSnapshot(files, folder, snapshotName(generation), generation))
    .length;
}
