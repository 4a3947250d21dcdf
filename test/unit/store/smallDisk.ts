import { fstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type StoreFiles, nodeFiles } from '../../../src/providers/store/storeFiles';

/** A disk on which a folder may take so many bytes, told anew by `capacity` as often as a test likes. */
export function smallDisk(folder: string, capacity: () => number): StoreFiles {
  return {
    ...nodeFiles,
    write(handle, bytes, position) {
      const growth = Math.max(0, position + bytes.length - fstatSync(handle).size);
      const free = capacity() - takenBy(folder);
      if (growth <= free) {
        nodeFiles.write(handle, bytes, position);
        return;
      }
      nodeFiles.write(handle, bytes.subarray(0, Math.max(0, bytes.length - growth + free)), position);
      throw Object.assign(new Error('No space left on device'), { code: 'ENOSPC' });
    },
  };
}

/** Bytes of the files in a folder. */
export function takenBy(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
