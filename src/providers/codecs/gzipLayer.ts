import { promisify } from 'node:util';
import { crc32, deflateRaw, gunzip, type ZlibOptions } from 'node:zlib';
import type { Layer } from '../../engine/values/views/codec';
import { packAlike, unpackBounded, writtenElsewhere } from './zlibStreams';

const pack = promisify<Buffer, ZlibOptions, Buffer>(deflateRaw);

/** gzip: RFC 1952. The header with its time, name and system is kept as it is. */
export const gzipLayer: Layer = {
  name: 'gzip',
  title: 'gzip',
  readOnlyReason: writtenElsewhere('gzip'),
  fit: (bytes) => (bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8 ? 'sure' : 'no'),
  unpack: (bytes) => unpackBounded('gzip', bytes, promisify(gunzip)),
  async pack(inner, original) {
    const header = gzipHeader(original.bytes);
    if (!header) return undefined;
    return packAlike(inner, original, async (plain, options) =>
      gzipOf(header, plain, await pack(plain, options)),
    );
  },
};

/** Bytes of gzip's header: 10, then what its flags name. Undefined when it is not all there. */
function gzipHeader(bytes: Buffer): Buffer | undefined {
  const flags = bytes[3] ?? 0;
  let at = 10;
  if (flags & 4) at += 2 + (at + 2 <= bytes.length ? bytes.readUInt16LE(at) : 0);
  for (const flag of [8, 16]) if (flags & flag) at = bytes.indexOf(0, at) + 1 || bytes.length;
  if (flags & 2) at += 2;
  return at + 8 <= bytes.length ? bytes.subarray(0, at) : undefined;
}

/** The original's header (time, name, system), the packed bytes, checksum and length. */
function gzipOf(header: Buffer, inner: Buffer, packed: Buffer): Buffer {
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(inner), 0);
  trailer.writeUInt32LE(inner.length, 4);
  return Buffer.concat([header, packed, trailer]);
}
