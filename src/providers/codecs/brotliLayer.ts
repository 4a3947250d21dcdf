import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants, type BrotliOptions } from 'node:zlib';
import type { Layer } from '../../engine/values/views/codec';
import { unpackBounded, writtenElsewhere } from './zlibStreams';

const pack = promisify<Buffer, BrotliOptions, Buffer>(brotliCompress);

/** Qualities: the default of most libraries, and what web servers use. */
const brotliQualities = [11, 5, 4, 6, 9, 1];

function brotliOptions(quality: number, inner: Buffer, sized: boolean): BrotliOptions {
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants;
  const hint = sized ? { [BROTLI_PARAM_SIZE_HINT]: inner.length } : {};
  return { params: { [BROTLI_PARAM_QUALITY]: quality, ...hint } };
}

/** The highest quality takes seconds for a megabyte, so large values are not tried. */
const brotliLimit = 128 * 1024;

/** Brotli: RFC 7932. Nothing marks it, so what comes out has to convince. */
export const brotliLayer: Layer = {
  name: 'brotli',
  title: 'Brotli',
  readOnlyReason: writtenElsewhere('Brotli'),
  fit: (bytes) => (bytes.length <= 4 ? 'no' : isUtf8(bytes) ? 'choice' : 'convincing'),
  unpack: (bytes) => unpackBounded('Brotli', bytes, promisify(brotliDecompress)),
  async pack(inner, original) {
    if (Math.max(inner.length, original.inner.length) > brotliLimit) return undefined;
    for (const sized of [false, true]) {
      for (const quality of brotliQualities) {
        const again = await pack(original.inner, brotliOptions(quality, original.inner, sized));
        if (again.equals(original.bytes)) return pack(inner, brotliOptions(quality, inner, sized));
      }
    }
    return undefined;
  },
};
