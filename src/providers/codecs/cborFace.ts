import type { Face, Fit } from '../../engine/values/views/codec';
import { jsonToBinaryAs } from '../../engine/values/views/jsonToBinary';
import { cborFormats } from './cborFormat';
import { readCbor } from './cborReader';
import { structureFit } from './structureFit';

/** CBOR as JSON. Saved in its shortest form, so it can be edited only if it was written so. */
export const cborFace: Face = {
  name: 'cbor',
  title: 'CBOR',
  readOnlyReason:
    'This CBOR holds types, or a way of writing them, that JSON text cannot carry: saving it would change bytes you did not touch',
  fit: fitCbor,
  show: (bytes) => ({ text: readCbor(bytes), language: 'json' }),
  read: (text, original) => jsonToBinaryAs(text, { shown: readCbor(original), original }, cborFormats),
};

/** A map, an array or a tag that is complete; numbers and texts are too short to be known for what they are. */
function fitCbor(bytes: Buffer): Fit {
  const first = bytes[0] ?? 0;
  if (first <= 0x80 || first >= 0xdc || first === 0xa0 || bytes.length < 3) return 'no';
  return structureFit(bytes, readCbor);
}
