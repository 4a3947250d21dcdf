import { promisify } from 'node:util';
import { deflateRaw, inflateRaw, type ZlibOptions } from 'node:zlib';
import type { Layer } from '../../engine/values/views/codec';
import { packAlike, unpackBounded, writtenElsewhere } from './zlibStreams';

const pack = promisify<Buffer, ZlibOptions, Buffer>(deflateRaw);

/** Deflate without a header: nothing marks it. */
export const deflateLayer: Layer = {
  name: 'deflate',
  title: 'raw deflate',
  readOnlyReason: writtenElsewhere('deflate'),
  fit: (bytes) => (bytes.length > 4 ? 'choice' : 'no'),
  unpack: (bytes) => unpackBounded('deflate', bytes, promisify(inflateRaw)),
  pack: (inner, original) => packAlike(inner, original, pack),
};
