import { basename, join } from 'node:path';
import type { StoreFiles } from './storeFiles';
import { journalName, listStore, sealName } from './storeFolder';

/** What lay in the folder of a store at one moment: all names, and the contents of what changes under its name. */
export interface FrozenFiles {
  readonly names: readonly string[];
  readonly contents: ReadonlyMap<string, Uint8Array>;
}

/** Notes what lies in a folder; to be called by who writes there. Snapshots are not read: they never change. */
export function freezeFiles(files: StoreFiles, folder: string): FrozenFiles {
  const { journals, seals } = listStore(files, folder);
  const read = [...journals.map(journalName), ...seals.map(sealName)];
  return {
    names: files.list(folder),
    contents: new Map(read.map((name) => [name, Uint8Array.from(files.read(join(folder, name)))])),
  };
}

/** The files as they were then, to be read. A snapshot that went since is missing. */
export function thawed(files: StoreFiles, { names, contents }: FrozenFiles): StoreFiles {
  return {
    ...files,
    list: () => [...names],
    read: (file) => contents.get(basename(file)) ?? files.read(file),
  };
}
