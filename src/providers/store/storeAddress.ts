import { createHash } from 'node:crypto';
import { type Stats, lstatSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type StoreFiles, isMissing } from './storeFiles';

/** Bytes of a socket's path that every system takes (macOS: 104 with the closing zero). */
const longestPath = 100;

/** The bits of a file's mode that let group and others in. */
const othersMode = 0o077;

/**
 * A fresh address for a store's socket: never one that was used before, so a stale socket is in nobody's way. Where
 * the folder's path is too long for a socket, it lies in a temporary folder that only this user may enter.
 */
export function freshAddress(folder: string, id: string, pid: number): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\cachify-${id}`;
  const name = `s-${id.slice(0, 8)}.sock`;
  const besides = join(folder, name);
  if (Buffer.byteLength(besides) <= longestPath) return besides;
  return addressElsewhere(folder, id, pid);
}

/** A fresh address outside the store's folder, for one that cannot take a socket. */
export function addressElsewhere(folder: string, id: string, pid: number): string {
  if (process.platform === 'win32') return freshAddress(folder, id, pid);
  const own = mkdtempSync(join(tmpdir(), `${prefixElsewhere(folder)}${pid}-`));
  return join(own, `s-${id.slice(0, 8)}.sock`);
}

/** Removes what owners of this store that are gone left in the temporary folder. */
export function clearElsewhere(folder: string, isAlive: (pid: number) => boolean): void {
  if (process.platform === 'win32') return;
  const prefix = prefixElsewhere(folder);
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    // in a folder of somebody else, what is removed could be exchanged for what is ours meanwhile
    const left = join(tmpdir(), name);
    if (isOwnFolder(left)) rmSync(left, { recursive: true, force: true });
  }
}

/** Whether somebody else may have put a socket at an address; of a pipe that cannot be told. */
export function isOpenToOthers(folder: string, address: string): boolean {
  const besides = dirname(address);
  if (process.platform === 'win32') return false;
  const stats = statsOf(besides);
  if (stats === undefined || isOwnFolder(besides)) return false;
  return !isSame(besides, folder) || isStrangeLink(stats);
}

/** Whether it is a link that others can have lead elsewhere a moment later. */
function isStrangeLink(stats: Stats): boolean {
  return stats.isSymbolicLink() && stats.uid !== 0 && stats.uid !== process.getuid?.();
}

/** Whether two paths lead to one folder: windows may have come to it by different links. */
function isSame(one: string, other: string): boolean {
  return realPath(one) === realPath(other);
}

/** The path without links and needless slashes; as it is where nothing is there. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (thrown) {
    if (isMissing(thrown)) return resolve(path);
    throw thrown;
  }
}

/** Whether it is a folder, and no link to one, that this user made and that only this user may enter. */
function isOwnFolder(path: string): boolean {
  const stats = statsOf(path);
  const isOurs = stats?.isDirectory() === true && stats.uid === process.getuid?.();
  return isOurs && (stats.mode & othersMode) === 0;
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw thrown;
  }
}

/** Names the store, so that what others left is not touched. */
function prefixElsewhere(folder: string): string {
  return `cachify-${createHash('sha256').update(realPath(folder)).digest('hex').slice(0, 8)}-`;
}

/** Removes what an address outside the store's folder took; the socket itself went with its server. */
export function leaveAddress(folder: string, address: string): void {
  if (process.platform !== 'win32' && !isSame(dirname(address), folder))
    rmSync(dirname(address), { recursive: true, force: true });
}

/** Whether clients can still find the socket of an address; a pipe has no file that could be taken away. */
export function isAddressThere(files: Pick<StoreFiles, 'sizeOf'>, address: string): boolean {
  return process.platform === 'win32' || files.sizeOf(address) !== undefined;
}

/** Names of sockets in the store's folder that earlier owners may have left. */
export function isSocketName(name: string): boolean {
  return /^s-[0-9a-f-]{8}\.sock$/.test(name);
}
