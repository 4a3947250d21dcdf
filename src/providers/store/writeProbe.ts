import { join } from 'node:path';
import { type StoreFiles, writeDurably } from './storeFiles';
import { journalName, listStore } from './storeFolder';

/** Bytes that must find room: the first records of a journal. */
const probe = Buffer.alloc(64 * 1024, 1);

/** Whether what opening a store to write to it needs of its folder goes well now; leaves nothing behind. */
export function canBeWritten(files: StoreFiles, folder: string): boolean {
  // Whoever opens the store next removes it, should this process end here.
  const file = join(folder, 'probe.tmp');
  try {
    writeDurably(files, file, [probe]);
    files.removeIfThere(file);
    const newest = listStore(files, folder).journals.at(-1);
    if (newest !== undefined) flush(files, join(folder, journalName(newest)));
    return true;
  } catch {
    return false;
  }
}

function flush(files: StoreFiles, file: string): void {
  const handle = files.openExisting(file);
  try {
    files.sync(handle);
  } finally {
    files.closeHandle(handle);
  }
}
