import { join } from 'node:path';
import type { Log } from '../../engine/kernel/ports';
import { toError } from '../../engine/kernel/errors';
import type { LoadedStore } from './loadStore';
import { type StoreFiles, writeDurably } from './storeFiles';
import { damagedName, listStore, setAside } from './storeFolder';

/**
 * Clears the way for a new journal: keeps what could not be read under another name, then cuts it off. Only the
 * owner does this. What cannot be moved (a full disk) stays where it is: the next journal's seal covers it.
 */
export function repairStore(
  { files, folder, log }: { readonly files: StoreFiles; readonly folder: string; readonly log: Log },
  loaded: LoadedStore,
  stamp: string,
): string[] {
  const kept: string[] = [];
  const attempt = (name: string, keep: () => string): void => {
    try {
      kept.push(keep());
    } catch (thrown) {
      log.warn('A damaged store file could not be set aside', { file: name, error: toError(thrown).message });
    }
  };
  for (const name of loaded.damagedSnapshots) attempt(name, () => setAside(files, folder, name, stamp));
  for (const name of loaded.failedJournals)
    attempt(name, () => copyFrom(files, folder, name, 0, `${stamp}-whole`));
  for (const { name, keep } of loaded.cuts) {
    attempt(name, () => {
      const copy = copyFrom(files, folder, name, keep, stamp);
      cut(files, join(folder, name), keep);
      return copy;
    });
  }
  dropZeros(files, folder, loaded);
  removeTemporary(files, folder, log);
  return kept;
}

/** Owners that were killed leave the room that they had reserved in their journals. */
function dropZeros(files: StoreFiles, folder: string, { journals, cuts }: LoadedStore): void {
  const cutNames = new Set(cuts.map(({ name }) => name));
  for (const { name, keep } of journals) {
    const file = join(folder, name);
    try {
      if (!cutNames.has(name) && (files.sizeOf(file) ?? 0) > keep) shorten(files, file, keep);
    } catch {
      // The zeros only take room: the next owner tries again.
    }
  }
}

function copyFrom(files: StoreFiles, folder: string, name: string, start: number, stamp: string): string {
  const copy = damagedName(name, stamp);
  writeDurably(files, join(folder, copy), [files.read(join(folder, name)).subarray(start)]);
  files.syncFolder(folder);
  return copy;
}

function cut(files: StoreFiles, file: string, length: number): void {
  shorten(files, file, length, (handle) => files.sync(handle));
}

function shorten(files: StoreFiles, file: string, length: number, then?: (handle: number) => void): void {
  const handle = files.openExisting(file);
  try {
    files.truncate(handle, length);
    then?.(handle);
  } finally {
    files.closeHandle(handle);
  }
}

/**
 * A temporary file is a checkpoint that was not finished; journals still hold all of it. One that cannot be removed is
 * in nobody's way: a former owner that woke up may be at it, and the store has to open.
 */
function removeTemporary(files: StoreFiles, folder: string, log: Log): void {
  for (const name of listStore(files, folder).temporary) {
    try {
      files.removeIfThere(join(folder, name));
    } catch (thrown) {
      log.warn('A half-written store file could not be removed', {
        file: name,
        error: toError(thrown).message,
      });
    }
  }
}
