import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type StoreFiles, flushedAtOnce, writeDurably } from './storeFiles';

const magic = 'CSS1';
const trailerBytes = 16;

/** Writes an exported database under `name` so that the name never stands for half a file. */
export function writeSnapshot(
  files: StoreFiles,
  folder: string,
  name: string,
  database: Uint8Array,
  beat?: () => void,
): void {
  // A name of its own: a former owner that wakes up may be writing the same snapshot.
  const temporary = join(folder, `${name}.${randomUUID()}.tmp`);
  try {
    writeDurably(files, temporary, [...slicesOf(database), trailerOf(database)], beat);
    files.rename(temporary, join(folder, name));
  } catch (thrown) {
    files.removeIfThere(temporary);
    throw thrown;
  }
  files.syncFolder(folder);
}

/**
 * The database in a snapshot file; undefined when its checksum does not fit. SQLite ignores bytes behind the last
 * page, so the trailer that holds the checksum leaves the file one that any SQLite opens.
 */
export function readSnapshot(files: StoreFiles, folder: string, name: string): Uint8Array | undefined {
  const file = files.read(join(folder, name));
  const database = file.subarray(0, Math.max(0, file.length - trailerBytes));
  const trailer = Buffer.from(file.subarray(database.length));
  return trailerOf(database).equals(trailer) ? database : undefined;
}

function* slicesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += flushedAtOnce) yield bytes.subarray(at, at + flushedAtOnce);
}

function trailerOf(database: Uint8Array): Buffer {
  const trailer = Buffer.alloc(trailerBytes);
  trailer.write(magic, 0, 'latin1');
  trailer.writeUInt32LE(crc32(database), 4);
  trailer.writeDoubleLE(database.length, 8);
  return trailer;
}
