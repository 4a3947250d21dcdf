import { join } from 'node:path';
import { toError } from '../../engine/kernel/errors';
import type { Log } from '../../engine/kernel/ports';
import type { StorageFile } from '../../engine/retention/storage';
import { writeSnapshot } from './snapshotFile';
import { fileFailure } from './storeErrors';
import type { StoreFiles } from './storeFiles';
import { fileStamp } from './storeFolder';

/** Copies that are kept of those a person asked for. */
const keptCopies = 5;

/** Copies made before an upgrade have another name, and are never removed. */
const manualPattern = /^backup-manual-.*\.sqlite$/;

/** What a copy is made of, and where. */
export interface BackUpOptions {
  readonly files: StoreFiles;
  readonly folder: string;
  readonly log: Log;
}

/** Writes a database, as the bytes of a file, beside the one in use, as a file that any SQLite opens, and keeps the newest five. */
export function backUp(options: BackUpOptions, database: Uint8Array, now: number): StorageFile {
  const { files, folder } = options;
  const name = `backup-manual-${fileStamp(now)}.sqlite`;
  try {
    writeSnapshot(files, folder, name, database);
    removeOldest(options, name);
    return { name, bytes: files.sizeOf(join(folder, name)) ?? 0, at: now };
  } catch (thrown) {
    throw fileFailure('Making a copy of the store', thrown);
  }
}

/** The new one stays in any case: by a clock that was set back it would be the oldest. */
function removeOldest({ files, folder, log }: BackUpOptions, made: string): void {
  const others = files.list(folder).filter((name) => manualPattern.test(name) && name !== made);
  for (const old of others.sort().slice(0, -(keptCopies - 1))) {
    try {
      files.remove(join(folder, old));
    } catch (thrown) {
      log.warn('An old copy of the store could not be removed', {
        file: old,
        error: toError(thrown).message,
      });
    }
  }
}
