import { join } from 'node:path';
import type { EngineError } from '../../engine/kernel/errors';
import { toError } from '../../engine/kernel/errors';
import type { Log } from '../../engine/kernel/ports';
import { Journal } from './journal';
import { type LoadOptions, type LoadedStore, loadStore } from './loadStore';
import { latestVersion, migrate } from './migrate';
import { type Ownership, stillHolds } from './ownership';
import { enableIncrementalVacuum } from './shrink';
import { repairStore } from './repairStore';
import { writeSnapshot } from './snapshotFile';
import type { Sqlite } from './sqlite';
import { fileFailure, newerStore } from './storeErrors';
import { isMissing } from './storeFiles';
import { fileStamp, journalName, listStore } from './storeFolder';

/** What opening needs to know of its surroundings. */
export interface OpenOptions extends LoadOptions {
  readonly log: Log;
  readonly ownership: Pick<Ownership, 'holds'>;
}

/** A store in memory. Without a journal it cannot be written to. */
export interface OpenStoreFiles {
  readonly database: Sqlite;
  readonly loaded: LoadedStore;
  readonly journal?: Journal;
  /** Why it cannot be written to although this window owns it. */
  readonly frozen?: EngineError;
  readonly setAside: readonly string[];
  readonly backup?: string;
}

/** Tries of a reader that finds files gone because the owner made a checkpoint meanwhile. */
const readTries = 5;

/** Opens the store for its owner: repairs, upgrades the schema, plans a journal of its own. */
export function openAsOwner(options: OpenOptions, now: number): OpenStoreFiles {
  const loaded = loadStore(options);
  const { database, newerVersion } = loaded;
  const latest = latestVersion(options.migrations);
  if (newerVersion !== undefined) {
    return { database, loaded, frozen: newerStore(newerVersion, latest), setAside: [] };
  }
  const unflushed = flushNewest(options);
  if (unflushed) return { database, loaded, frozen: unflushed, setAside: [] };
  const stamp = fileStamp(now);
  const setAside = repairStore(options, loaded, stamp);
  const upgraded = upgrade(options, database, stamp);
  if (upgraded.frozen) return { ...upgraded, loaded, setAside };
  const { files, folder } = options;
  const journal = new Journal(
    { files, folder, schemaVersion: latest, isOurs: () => stillHolds(options.ownership) },
    loaded.nextGeneration,
    loaded.previousLength,
  );
  journal.countFound(loaded.journalBytes);
  return { ...upgraded, loaded, journal, setAside };
}

/**
 * An owner that died between a write and its fsync left what was read now, but may not survive a loss of power. A
 * client that sends such a request again is told that it is saved, so it has to be. Returns why that cannot be had.
 */
function flushNewest({ files, folder, log }: OpenOptions): EngineError | undefined {
  const newest = listStore(files, folder).journals.at(-1);
  if (newest === undefined) return undefined;
  try {
    const handle = files.openExisting(join(folder, journalName(newest)));
    try {
      files.sync(handle);
    } finally {
      files.closeHandle(handle);
    }
    files.syncFolder(folder);
    return undefined;
  } catch (thrown) {
    const error = fileFailure('The store stays read-only: flushing its newest journal to the disk', thrown);
    log.warn(error.message);
    // On a full disk it has to be open for a purge.
    return error.reason === 'store-full' ? undefined : error;
  }
}

/** Opens the store as it is, changing no file; what is older than this code is upgraded in memory. */
export function openAsReader(options: OpenOptions): OpenStoreFiles {
  for (let attempt = 1; ; attempt++) {
    try {
      const loaded = loadStore(options);
      if (loaded.newerVersion === undefined) {
        migrate(loaded.database, options.migrations, latestVersion(options.migrations));
      }
      return { database: loaded.database, loaded, setAside: [] };
    } catch (thrown) {
      if (!isMissing(thrown) || attempt >= readTries) throw thrown;
    }
  }
}

/**
 * Brings the schema up to date in memory and keeps a copy of what was there, before any file is changed; a failure
 * goes back to that copy and freezes the store. One that is tried again and again leaves no copy each time.
 */
function upgrade(
  { files, folder, openDatabase, migrations, log, beat }: OpenOptions,
  database: Sqlite,
  stamp: string,
): { database: Sqlite; backup?: string; frozen?: EngineError } {
  const { version } = database;
  const latest = latestVersion(migrations);
  if (version === latest) return { database };
  if (version === 0) {
    migrate(database, migrations, latest);
    return { database };
  }
  const backup = `backup-${version}-${stamp}.sqlite`;
  const before = database.export();
  try {
    migrate(database, migrations, latest, beat);
    enableIncrementalVacuum(database);
    writeSnapshot(files, folder, backup, before, beat);
    log.info('The store was upgraded', { from: version, to: latest, backup });
    return { database, backup };
  } catch (thrown) {
    // No file was changed, so going back to these bytes is all there is to restore.
    database.close();
    const what = `The store stays read-only as it was: upgrading it from version ${version} to ${latest} failed`;
    log.error(what, { error: toError(thrown).message });
    return { database: openDatabase(before), frozen: fileFailure(what, thrown) };
  }
}
