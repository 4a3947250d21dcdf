import type { Layer } from '../../engine/values/views/codec';
import { ByteCursor } from './byteCursor';
import { GrowingBuffer } from './growingBuffer';
import { maxUnpacked, tooLarge } from './limits';

const readOnlyReason = 'Snappy can be read here, but not written: values in it cannot be edited';

/** Snappy without a frame: nothing marks it. */
export const snappyLayer: Layer = {
  name: 'snappy',
  title: 'Snappy',
  readOnlyReason,
  fit: (bytes) => (bytes.length > 4 ? 'choice' : 'no'),
  unpack: async (bytes) => unpackBlock(bytes),
};

const frameStart = Buffer.from('ff060000734e61507059', 'hex');

/** Snappy's framing format. */
export const framedSnappyLayer: Layer = {
  name: 'snappyframed',
  title: 'framed Snappy',
  readOnlyReason,
  fit: (bytes) => (bytes.subarray(0, frameStart.length).equals(frameStart) ? 'sure' : 'no'),
  unpack: async (bytes) => unpackFrames(bytes),
};

function unpackFrames(bytes: Buffer): Buffer {
  const cursor = new ByteCursor(bytes, 'framed Snappy');
  if (!cursor.take(frameStart.length).equals(frameStart)) throw cursor.fault('starts in another way');
  const output = new GrowingBuffer('Snappy', bytes.length);
  while (cursor.left > 0) {
    const type = cursor.byte();
    const chunk = cursor.take(cursor.uintLE(3));
    // four bytes of checksum come first
    if (type === 0) output.append(unpackBlock(chunk.subarray(4)));
    else if (type === 1) output.append(chunk.subarray(4));
    else if (type < 0x80) throw cursor.fault('holds a chunk of an unknown type');
  }
  return output.result();
}

function unpackBlock(bytes: Buffer): Buffer {
  const cursor = new ByteCursor(bytes, 'Snappy');
  const size = varint(cursor);
  if (size > maxUnpacked) throw tooLarge('Snappy', bytes.length, size);
  const output = new GrowingBuffer('Snappy', bytes.length);
  while (cursor.left > 0) {
    const tag = cursor.byte();
    if ((tag & 3) === 0) output.append(cursor.take(literalLength(cursor, tag >> 2)));
    else repeat(cursor, output, tag);
    if (output.size > size) throw cursor.fault('is longer than it says');
  }
  if (output.size !== size) throw cursor.fault('is shorter than it says');
  return output.result();
}

function literalLength(cursor: ByteCursor, length: number): number {
  return (length < 60 ? length : cursor.uintLE(length - 59)) + 1;
}

function repeat(cursor: ByteCursor, output: GrowingBuffer, tag: number): void {
  const kind = tag & 3;
  if (kind === 1) output.repeat(((tag >> 5) << 8) | cursor.byte(), ((tag >> 2) & 7) + 4);
  else output.repeat(cursor.uintLE(kind === 2 ? 2 : 4), (tag >> 2) + 1);
}

function varint(cursor: ByteCursor): number {
  let value = 0;
  for (let shift = 0; shift < 32; shift += 7) {
    const byte = cursor.byte();
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  throw cursor.fault('has no length');
}
