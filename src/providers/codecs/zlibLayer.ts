import { promisify } from 'node:util';
import { deflate, inflate, type ZlibOptions } from 'node:zlib';
import { invalid } from '../../engine/kernel/errors';
import type { Layer } from '../../engine/values/views/codec';
import { maxUnpacked } from './limits';
import { packAlike, unpackBounded, writtenElsewhere } from './zlibStreams';

const pack = promisify<Buffer, ZlibOptions, Buffer>(deflate);
const unpack = promisify(inflate);

/** zlib: RFC 1950, what Memcached clients mostly compress with. */
export const zlibLayer: Layer = {
  name: 'zlib',
  title: 'zlib',
  readOnlyReason: writtenElsewhere('zlib'),
  fit: (bytes) => (isZlib(bytes, 0) ? 'sure' : 'no'),
  unpack: (bytes) => unpackBounded('zlib', bytes, unpack),
  pack: (inner, original) => packAlike(inner, original, pack),
};

/** PHP's memcached extension: the unpacked length in four bytes, then zlib. */
export const phpZlibLayer: Layer = {
  name: 'phpzlib',
  title: 'zlib of PHP memcached',
  readOnlyReason: writtenElsewhere('zlib'),
  fit: (bytes) => (isZlib(bytes, 4) && bytes.readUInt32LE() <= maxUnpacked ? 'sure' : 'no'),
  async unpack(bytes) {
    if (bytes.length < 12) throw invalid('This is too short for a length and zlib');
    const inner = await unpackBounded('zlib', bytes.subarray(4), unpack);
    if (inner.length === bytes.readUInt32LE()) return inner;
    throw invalid('The length before this zlib stream is not the length of what is in it');
  },
  pack: (inner, original) =>
    packAlike(inner, original, async (plain, options) =>
      lengthBefore(plain.length, await pack(plain, options)),
    ),
};

function isZlib(bytes: Buffer, at: number): boolean {
  const first = bytes[at] ?? 0;
  return (first & 0x8f) === 8 && ((first << 8) | (bytes[at + 1] ?? 0)) % 31 === 0 && bytes.length >= at + 8;
}

function lengthBefore(length: number, packed: Buffer): Buffer {
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32LE(length);
  return Buffer.concat([prefix, packed]);
}
