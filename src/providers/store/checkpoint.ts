import { join } from 'node:path';
import type { AppliedRequests } from './appliedRequests';
import type { Journal } from './journal';
import { readSnapshot, writeSnapshot } from './snapshotFile';
import type { Sqlite } from './sqlite';
import type { StoreFiles } from './storeFiles';
import { type StoreListing, journalName, listStore, sealName, snapshotName } from './storeFolder';

/**
 * Saves the whole database as the snapshot of the next generation and begins that generation's journal. The
 * snapshot before it stays, with all journals since, so that a damaged one costs nothing. Ids of requests made before
 * `forgetBefore` go.
 */
export function checkpoint(
  store: {
    readonly files: StoreFiles;
    readonly folder: string;
    readonly database: Sqlite;
    readonly journal: Journal;
    readonly applied: AppliedRequests;
    /** Called between the steps, a second at most apart. */
    readonly beat?: () => void;
  },
  forgetBefore: number | undefined,
): void {
  const { files, folder, database, journal, applied, beat } = store;
  // A replay brings these back and the next checkpoint drops them again.
  if (forgetBefore !== undefined) applied.forgetBefore(forgetBefore);
  applied.save(database);
  const generation = journal.nextGeneration;
  const bytes = database.export();
  // From here on a snapshot of this generation may exist, even if writing it fails half-way: whatever is
  // acknowledged from now on must be in a journal that is replayed on top of it.
  journal.rotate();
  writeSnapshot(files, folder, snapshotName(generation), bytes, beat, generation);
  journal.forgetSize();
  removeOld(files, folder, generation);
}

/**
 * Gives up the spare snapshot and its journals, while the newest snapshot is whole; false when there was nothing to
 * give up. For a full disk: one damaged file may then cost what it holds, until the next checkpoint.
 */
export function dropSpare(files: StoreFiles, folder: string): boolean {
  const { snapshots, journals, seals } = listStore(files, folder);
  const newest = snapshots.at(-1);
  if (newest === undefined || !readSnapshot(files, folder, snapshotName(newest), newest)) return false;
  const spare = [snapshots, journals].flat().filter((each) => each < newest);
  removeBefore(files, folder, newest, { snapshots, journals, seals });
  return spare.length > 0;
}

/** Removes what is older than the snapshot before `generation`. */
function removeOld(files: StoreFiles, folder: string, generation: number): void {
  const { snapshots, journals, seals } = listStore(files, folder);
  const previous = snapshots.filter((each) => each < generation).at(-1);
  if (previous !== undefined) removeBefore(files, folder, previous, { snapshots, journals, seals });
}

function removeBefore(
  files: StoreFiles,
  folder: string,
  previous: number,
  { snapshots, journals, seals }: Omit<StoreListing, 'temporary'>,
): void {
  for (const old of snapshots) if (old < previous) files.remove(join(folder, snapshotName(old)));
  for (const old of journals) if (old < previous) files.remove(join(folder, journalName(old)));
  for (const old of seals) if (old < previous) files.removeIfThere(join(folder, sealName(old)));
}
