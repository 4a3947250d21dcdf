import type { Clock } from '../../engine/kernel/ports';
import { freezeFiles } from './frozenFiles';
import { shrinkStep } from './shrink';
import type { Sqlite } from './sqlite';
import type { StoreFiles } from './storeFiles';
import { listStore } from './storeFolder';
import type { UpkeepAct, UpkeepResults } from './storeMessages';
import type { RunUpkeepJob } from './upkeepJobs';
import { verdictOf } from './verifyStore';

/** How often a check begins anew because checkpoints took away what it was reading. */
const verifyTries = 3;

/** What work on the database as a whole needs. */
export interface UpkeepPorts {
  readonly files: StoreFiles;
  readonly folder: string;
  readonly database: Sqlite;
  readonly clock: Clock;
  /** Works on a copy of the database. Making it is all that windows wait for: up to 4 ms a MB on a busy machine. */
  readonly runJob: RunUpkeepJob;
  /** Saves the database whole, twice, so that no file is left of what it was before; false when it could not. */
  readonly save: () => boolean;
  /** What was measured of the database as it is, measured only if it has changed since. */
  readonly remembered: (
    measure: () => Promise<UpkeepResults['tableBytes']>,
  ) => Promise<UpkeepResults['tableBytes']>;
  /** Lets other requests pass, and brings what is derived up to date. Throws when the store is not ours any more. */
  readonly breathe: () => Promise<void>;
}

/** The acts by name; each lets other requests pass between its steps. */
export const upkeepActs: {
  readonly [A in UpkeepAct]: (ports: UpkeepPorts) => Promise<UpkeepResults[A]>;
} = {
  async tableBytes({ database, breathe, remembered, runJob }) {
    await breathe();
    return remembered(() => runJob({ act: 'tableBytes', database: database.export() }));
  },

  async shrink({ database, save, breathe }) {
    const before = fileBytes(database);
    while (shrinkStep(database) > 0) await breathe();
    const after = fileBytes(database);
    // What is not saved smaller has freed nothing yet.
    return { before, after: save() ? after : before };
  },

  async backUp({ breathe, clock, database, runJob }) {
    await breathe();
    return runJob({ act: 'backUp', at: clock.now(), database: database.export() });
  },

  verify: (ports) => verify(ports, verifyTries),
};

/**
 * Checks the database in use and the files, both as they are at one moment, and compares the two. One after the other,
 * each in a thread of its own, so that only one of them takes memory at a time. Takes longer than opening the store.
 */
async function verify(ports: UpkeepPorts, tries: number): Promise<UpkeepResults['verify']> {
  const { files, folder, database, breathe, runJob, clock } = ports;
  await breathe();
  const started = clock.monotonic();
  const frozen = freezeFiles(files, folder);
  const snapshots = (): string => listStore(files, folder).snapshots.join();
  const before = snapshots();
  const inUse = await runJob({ act: 'checkDatabase', database: database.export() });
  try {
    const replayed = await runJob({ act: 'checkFiles', files: frozen, version: inUse.version });
    return { ...verdictOf(inUse, replayed), durationMs: clock.monotonic() - started };
  } catch (thrown) {
    if (tries <= 1 || snapshots() === before) throw thrown;
    return verify(ports, tries - 1);
  }
}

/** How large the database is as a file. */
export function fileBytes(database: Sqlite): number {
  const [pages, size] = [database.query('PRAGMA page_count'), database.query('PRAGMA page_size')];
  return Number(pages[0]?.[0]) * Number(size[0]?.[0]);
}
