import * as fs from 'node:fs';

/** The few file operations the store needs; synchronous because they run in the worker, which may block. */
export interface StoreFiles {
  /** Makes the folder with its parents, for this user only. */
  makeFolder(folder: string): void;
  list(folder: string): string[];
  read(file: string): Uint8Array;
  /** Milliseconds since the epoch. */
  modifiedAt(file: string): number;
  /** Bytes; undefined when there is no such file. */
  sizeOf(file: string): number | undefined;
  /** Makes a file that must not exist yet, to write to; returns a handle. */
  openExclusive(file: string): number;
  /** Makes an empty file of this name to write to; what had the name is emptied. */
  openNew(file: string): number;
  /** Opens an existing file to shorten it. */
  openExisting(file: string): number;
  /** Writes all of `bytes` from `position` on. */
  write(handle: number, bytes: Uint8Array, position: number): void;
  truncate(handle: number, length: number): void;
  sync(handle: number): void;
  closeHandle(handle: number): void;
  /** Makes a file that must not exist yet; false when it does. */
  createExclusive(file: string, text: string): boolean;
  rename(from: string, to: string): void;
  remove(file: string): void;
  removeIfThere(file: string): void;
  syncFolder(folder: string): void;
  touch(file: string, at: number): void;
}

const privateFile = 0o600;
const privateFolder = 0o700;
const onWindows = process.platform === 'win32';

/** The disk. */
export const nodeFiles: StoreFiles = {
  makeFolder(folder) {
    fs.mkdirSync(folder, { recursive: true, mode: privateFolder });
    if (!onWindows) fs.chmodSync(folder, privateFolder);
  },
  list: (folder) => fs.readdirSync(folder),
  read: (file) => fs.readFileSync(file),
  modifiedAt: (file) => fs.statSync(file).mtimeMs,
  sizeOf: (file) => fs.statSync(file, { throwIfNoEntry: false })?.size,
  openExclusive: (file) => fs.openSync(file, 'wx', privateFile),
  openNew: (file) => fs.openSync(file, 'w', privateFile),
  openExisting: (file) => fs.openSync(file, 'r+'),
  write(handle, bytes, position) {
    let done = 0;
    while (done < bytes.length) {
      done += fs.writeSync(handle, bytes, done, bytes.length - done, position + done);
    }
  },
  truncate: (handle, length) => fs.ftruncateSync(handle, length),
  sync: (handle) => fs.fsyncSync(handle),
  closeHandle: (handle) => fs.closeSync(handle),
  createExclusive(file, text) {
    let handle: number;
    try {
      handle = fs.openSync(file, 'wx', privateFile);
    } catch (thrown) {
      if (errorNumber(thrown) === 'EEXIST') return false;
      throw thrown;
    }
    try {
      fs.writeSync(handle, text);
      return true;
    } catch (thrown) {
      // On a full disk an empty file would stand for one that is being written.
      fs.rmSync(file, { force: true });
      throw thrown;
    } finally {
      fs.closeSync(handle);
    }
  },
  rename: (from, to) => fs.renameSync(from, to),
  remove: (file) => fs.unlinkSync(file),
  removeIfThere: (file) => fs.rmSync(file, { force: true }),
  syncFolder(folder) {
    // Windows neither can nor needs to flush a directory.
    if (onWindows) return;
    const handle = fs.openSync(folder, 'r');
    try {
      fs.fsyncSync(handle);
    } finally {
      fs.closeSync(handle);
    }
  },
  touch: (file, at) => fs.utimesSync(file, at / 1000, at / 1000),
};

/** The system's name of a failure (`ENOENT`, `ENOSPC`), when it has one. */
export function errorNumber(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}

/** Whether a failure says that the file is not there. */
export function isMissing(thrown: unknown): boolean {
  return errorNumber(thrown) === 'ENOENT';
}

/** Flushed to the disk at once, bytes, when somebody waits for a beat: a slow disk takes 10 MB a second. */
export const flushedAtOnce = 32 * 1024 * 1024;

/** Writes a whole file and flushes it to the disk. Large ones are flushed in portions, with a `beat` between. */
export function writeDurably(
  files: StoreFiles,
  file: string,
  parts: readonly Uint8Array[],
  beat?: () => void,
): void {
  const handle = files.openNew(file);
  try {
    let position = 0;
    let flushed = 0;
    for (const part of parts) {
      files.write(handle, part, position);
      position += part.length;
      if (!beat || position - flushed < flushedAtOnce) continue;
      files.sync(handle);
      flushed = position;
      beat();
    }
    files.sync(handle);
  } finally {
    files.closeHandle(handle);
  }
}
