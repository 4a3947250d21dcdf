import { type FileHandle, chmod, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { isMissing } from './storeFiles';

/** A file that is being written. */
export interface NewFile {
  write(bytes: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The file operations payloads need; asynchronous because they run in the extension host, which must not wait. */
export interface PayloadFiles {
  /** Makes a folder for this user only, with its parents; true when it was not there. */
  makeFolder(folder: string): Promise<boolean>;
  /** Names in a folder; none when it is missing. */
  list(folder: string): Promise<string[]>;
  read(file: string): Promise<Uint8Array>;
  /** Size and time of a file; undefined when it is missing. */
  facts(file: string): Promise<{ readonly bytes: number; readonly modifiedAt: number } | undefined>;
  /** Makes a file that must not exist yet, for this user only. */
  create(file: string): Promise<NewFile>;
  rename(from: string, to: string): Promise<void>;
  remove(file: string): Promise<void>;
  syncFolder(folder: string): Promise<void>;
}

/** Read at once. */
const readBytes = 1024 * 1024;

const privateFile = 0o600;
const privateFolder = 0o700;
const onWindows = process.platform === 'win32';

/** The disk. */
export const nodePayloadFiles: PayloadFiles = {
  async makeFolder(folder) {
    const made = await mkdir(folder, { recursive: true, mode: privateFolder });
    if (made !== undefined && !onWindows) await chmod(folder, privateFolder);
    return made !== undefined;
  },
  list: (folder) => unlessMissing(() => readdir(folder), []),
  async read(file) {
    const handle = await open(file, 'r');
    try {
      return await readAll(handle);
    } finally {
      await handle.close();
    }
  },
  facts: (file) =>
    unlessMissing(async () => {
      const { size, mtimeMs } = await stat(file);
      return { bytes: size, modifiedAt: mtimeMs };
    }, undefined),
  async create(file) {
    return newFile(await open(file, 'wx', privateFile));
  },
  rename: (from, to) => rename(from, to),
  remove: (file) => unlink(file),
  async syncFolder(folder) {
    // Windows neither can nor needs to flush a directory.
    if (onWindows) return;
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};

/** In parts, since reading 64 MiB into one buffer at once keeps the event loop waiting for tens of milliseconds. */
async function readAll(handle: FileHandle): Promise<Uint8Array> {
  const { size } = await handle.stat();
  const bytes = Buffer.allocUnsafeSlow(size);
  let length = 0;
  while (length < size) {
    const { bytesRead } = await handle.read(bytes, length, Math.min(readBytes, size - length));
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}

function newFile(handle: FileHandle): NewFile {
  return {
    async write(bytes) {
      let done = 0;
      while (done < bytes.length) done += (await handle.write(bytes, done)).bytesWritten;
    },
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
}

/** What `ask` finds; `otherwise` when the file or folder is missing. */
export async function unlessMissing<T>(ask: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await ask();
  } catch (thrown) {
    if (isMissing(thrown)) return otherwise;
    throw thrown;
  }
}
