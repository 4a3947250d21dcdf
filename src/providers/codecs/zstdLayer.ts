import { invalid } from '../../engine/kernel/errors';
import type { Layer } from '../../engine/values/views/codec';
import { maxUnpacked, tooLarge } from './limits';

/** Largest window that is set aside: what the highest usual level asks for. */
const maxWindow = 8 * 1024 * 1024;
/** The library moves the window once a block: more than this many bytes moved would hold up the window of the editor. */
const maxMoved = 1024 * 1024 * 1024;

/** Zstandard, RFC 8878. It can be unpacked, not packed: no maintained library in JavaScript does. */
export const zstdLayer: Layer = {
  name: 'zstd',
  title: 'Zstandard',
  readOnlyReason: 'Zstandard can be read here, but not written: values in it cannot be edited',
  fit: (bytes) => (bytes.length > 8 && bytes.readUInt32LE() === 0xfd2fb528 ? 'sure' : 'no'),
  async unpack(bytes) {
    checkFrame(bytes);
    const { Decompress } = await import('fzstd');
    const parts: Buffer[] = [];
    let length = 0;
    const stream = new Decompress((part) => {
      length += part.length;
      if (length > maxUnpacked) throw tooLarge('Zstandard', bytes.length);
      parts.push(Buffer.from(part));
    });
    try {
      stream.push(bytes, true);
    } catch (thrown) {
      if (length > maxUnpacked) throw thrown;
      throw invalid('This is not Zstandard, or only a part of it');
    }
    return Buffer.concat(parts);
  },
};

/** Reads what the library would trust: the sizes of window and content, and how many blocks there are. */
function checkFrame(bytes: Buffer): void {
  const descriptor = bytes[4] ?? 0;
  const isSingle = (descriptor & 0x20) !== 0;
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const idBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeAt = 6 - Number(isSingle) + idBytes;
  if (bytes.length < sizeAt + sizeBytes + 3) throw invalid('This Zstandard frame ends in its header');
  const size = contentSize(bytes, sizeAt, sizeBytes);
  if (size !== undefined && size > maxUnpacked) throw tooLarge('Zstandard', bytes.length, size);
  const window = isSingle ? (size ?? 0) : windowSize(bytes[5] ?? 0);
  if (!isSingle && window > maxWindow)
    throw invalid(
      `This Zstandard frame asks for a window of ${window} bytes: at most ${maxWindow} are given`,
    );
  const blocks = countBlocks(bytes, sizeAt + sizeBytes);
  if (blocks * window > maxMoved)
    throw invalid('This Zstandard frame is in too many small blocks to be unpacked');
}

function contentSize(bytes: Buffer, at: number, size: number): number | undefined {
  if (size === 0) return undefined;
  if (size === 8) return Number(bytes.readBigUInt64LE(at));
  return bytes.readUIntLE(at, size) + (size === 2 ? 256 : 0);
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function countBlocks(bytes: Buffer, start: number): number {
  let count = 1;
  for (let at = start; at + 3 <= bytes.length; count++) {
    const header = bytes.readUIntLE(at, 3);
    if (header & 1) break;
    const isRun = ((header >> 1) & 3) === 1;
    at += 3 + (isRun ? 1 : header >> 3);
  }
  return count;
}
