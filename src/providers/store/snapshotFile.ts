import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type StoreFiles, flushedAtOnce, writeDurably } from './storeFiles';

const magic = 'CSS1';
const trailerBytes = 16;

/** Before the trailer a snapshot says of which generation it is. A database is whole pages of 512 bytes at least. */
const identityMagic = 'CSG1';
const identityBytes = 16;
const smallestPage = 512;

/**
 * Writes an exported database under `name` so that the name never stands for half a file. `generation`: what a snapshot
 * says inside that it is; a backup says nothing.
 */
export function writeSnapshot(
  files: StoreFiles,
  folder: string,
  name: string,
  database: Uint8Array,
  beat?: () => void,
  generation?: number,
): void {
  // A name of its own: a former owner that wakes up may be writing the same snapshot.
  const temporary = join(folder, `${name}.${randomUUID()}.tmp`);
  try {
    writeDurably(files, temporary, [...slicesOf(database), ...endOf(database, generation)], beat);
    files.rename(temporary, join(folder, name));
  } catch (thrown) {
    files.removeIfThere(temporary);
    throw thrown;
  }
  files.syncFolder(folder);
}

/**
 * The database in a snapshot file; undefined when its checksum does not fit, or when it says that it is of another
 * `generation`. SQLite ignores bytes behind the last page, so the trailer that holds the checksum leaves the file one
 * that any SQLite opens.
 */
export function readSnapshot(
  files: StoreFiles,
  folder: string,
  name: string,
  generation?: number,
): Uint8Array | undefined {
  const file = files.read(join(folder, name));
  const content = file.subarray(0, Math.max(0, file.length - trailerBytes));
  const trailer = Buffer.from(file.subarray(content.length));
  if (!trailerOf(crc32(content), content.length).equals(trailer)) return undefined;
  if (content.length % smallestPage !== identityBytes) return content;
  const database = content.subarray(0, content.length - identityBytes);
  const identity = Buffer.from(content.subarray(database.length));
  if (identity.toString('latin1', 0, 4) !== identityMagic) return content;
  return generation === undefined || identity.readUInt32LE(4) === generation ? database : undefined;
}

function* slicesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += flushedAtOnce) yield bytes.subarray(at, at + flushedAtOnce);
}

function endOf(database: Uint8Array, generation: number | undefined): Buffer[] {
  const crc = crc32(database);
  if (generation === undefined) return [trailerOf(crc, database.length)];
  const identity = Buffer.alloc(identityBytes);
  identity.write(identityMagic, 0, 'latin1');
  identity.writeUInt32LE(generation, 4);
  return [identity, trailerOf(crc32(identity, crc), database.length + identityBytes)];
}

function trailerOf(crc: number, length: number): Buffer {
  const trailer = Buffer.alloc(trailerBytes);
  trailer.write(magic, 0, 'latin1');
  trailer.writeUInt32LE(crc, 4);
  trailer.writeDoubleLE(length, 8);
  return trailer;
}
