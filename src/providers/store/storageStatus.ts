import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StorageFile, StorageStatus } from '../../engine/retention/storage';
import { isMissing } from './storeFiles';
import { type StoreStatus, damageFound } from './storeStatus';

const kinds = {
  snapshots: /^snapshot-\d+\.sqlite$/,
  backups: /^backup-.+\.sqlite$/,
  setAside: /\.damaged-/,
};

/** Where the store stands, put together from what its owner says and from the files in its folder. */
export async function storageStatus(
  folder: string,
  store: StoreStatus,
  isOwner: boolean,
): Promise<StorageStatus> {
  const files = await filesIn(folder);
  const of = (kind: keyof typeof kinds): StorageFile[] => files.filter(({ name }) => kinds[kind].test(name));
  const { pid, host, since, clients } = store.owner;
  return {
    folder,
    owner: { isThisWindow: isOwner, pid, host, since, windows: clients },
    epoch: store.epoch,
    schemaVersion: store.schemaVersion,
    ...(store.frozenBecause !== undefined && { readOnlyBecause: store.frozenBecause }),
    ...(store.saveFailure !== undefined && { saveFailure: store.saveFailure }),
    journalBytes: store.journalBytes,
    snapshots: of('snapshots'),
    backups: of('backups'),
    setAside: of('setAside'),
    totalBytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    damage: damageFound(store.damage),
  };
}

/** Files below a folder, the newest first; one that goes meanwhile is left out. */
async function filesIn(folder: string): Promise<StorageFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => fileOf(join(entry.parentPath, entry.name), entry.name)),
  );
  return files.filter((file) => file !== undefined).sort((a, b) => b.at - a.at);
}

async function fileOf(path: string, name: string): Promise<StorageFile | undefined> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { name, bytes: size, at: mtimeMs };
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw thrown;
  }
}
