import type { Face, Fit } from '../../engine/values/views/codec';
import { jsonToBinaryAs } from '../../engine/values/views/jsonToBinary';
import { readMsgpack } from './msgpackReader';
import { msgpackFormats } from './msgpackFormat';
import { structureFit } from './structureFit';

/** MessagePack as JSON. Saved in its shortest form, so it can be edited only if it was written so. */
export const msgpackFace: Face = {
  name: 'msgpack',
  title: 'MessagePack',
  readOnlyReason:
    'This MessagePack holds types, or a way of writing them, that JSON text cannot carry: saving it would change bytes you did not touch',
  fit: fitMsgpack,
  show: (bytes) => ({ text: readMsgpack(bytes), language: 'json' }),
  read: (text, original) => jsonToBinaryAs(text, { shown: readMsgpack(original), original }, msgpackFormats),
};

/** Numbers and texts of MessagePack are too short to be known for what they are: a map or an array is. */
function fitMsgpack(bytes: Buffer): Fit {
  const first = bytes[0] ?? 0;
  const isContainer = (first > 0x80 && first < 0xa0 && first !== 0x90) || (first >= 0xdc && first <= 0xdf);
  if (!isContainer || bytes.length < 3) return 'no';
  return structureFit(bytes, readMsgpack);
}
