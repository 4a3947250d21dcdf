import { invalid } from '../../engine/kernel/errors';
import type { Packed } from '../../engine/values/views/codec';
import { maxUnpacked, tooLarge } from './limits';

/** zlib's levels, the usual ones first. */
const levels = [6, 9, 1, 5, 7, 8, 4, 3, 2];
/** zlib's default, and what some other writers use. */
const memoryLevels = [8, 9];

/** Why nothing can be edited in what one of zlib's compressors would pack differently. */
export function writtenElsewhere(format: string): string {
  return `This ${format} stream was written by another compressor: saving it would change bytes you did not touch`;
}

type Unpack = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;
type Pack = (inner: Buffer, options: { level: number; memLevel: number }) => Promise<Buffer>;

/** Runs one of zlib's decompressors, bounded. */
export async function unpackBounded(format: string, bytes: Buffer, run: Unpack): Promise<Buffer> {
  try {
    return await run(bytes, { maxOutputLength: maxUnpacked });
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(format, bytes.length);
    throw invalid(`This is not ${format}, or only a part of it`);
  }
}

/** Packs with the settings that give the original back; undefined when none of them does. */
export async function packAlike(inner: Buffer, original: Packed, pack: Pack): Promise<Buffer | undefined> {
  for (const memLevel of memoryLevels) {
    for (const level of levels) {
      const again = await pack(original.inner, { level, memLevel });
      if (again.equals(original.bytes)) return pack(inner, { level, memLevel });
    }
  }
  return undefined;
}
