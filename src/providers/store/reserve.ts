import { join } from 'node:path';
import { toError } from '../../engine/kernel/errors';
import type { Clock, Log } from '../../engine/kernel/ports';
import { type StoreFiles, writeDurably } from './storeFiles';

/** Name of the file in the store's folder. */
export const reserveName = 'store.reserve';

/** Bytes it holds: enough for the journal of a purge. */
const reserveBytes = 16 * 1024 * 1024;

/** How long after a failure it is tried again, milliseconds. */
const retryMs = 60_000;

/** Room on the disk that is set apart, so that records can be purged when the disk is full. */
export class Reserve {
  private readonly file: string;
  private triedAt = -Infinity;

  constructor(
    private readonly options: {
      readonly files: StoreFiles;
      readonly folder: string;
      readonly clock: Clock;
      readonly log: Log;
    },
  ) {
    this.file = join(options.folder, reserveName);
  }

  /** Sets the room apart unless it is; without room for it, a later call does. */
  fill(): void {
    const { files, clock, log } = this.options;
    if (clock.monotonic() - this.triedAt < retryMs) return;
    this.triedAt = clock.monotonic();
    try {
      if (files.sizeOf(this.file) === reserveBytes) return;
      writeDurably(files, this.file, [Buffer.alloc(reserveBytes)]);
    } catch (thrown) {
      log.debug('No room could be set apart on the disk', { error: toError(thrown).message });
      files.removeIfThere(this.file);
    }
  }

  /** Gives the room back to the disk; false when there is none to give. */
  give(): boolean {
    const { files } = this.options;
    if (files.sizeOf(this.file) === undefined) return false;
    // What is made room for must have the time to use it.
    this.triedAt = this.options.clock.monotonic();
    files.removeIfThere(this.file);
    return true;
  }
}
