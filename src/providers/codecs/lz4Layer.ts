import type { Layer } from '../../engine/values/views/codec';
import { ByteCursor } from './byteCursor';
import { GrowingBuffer } from './growingBuffer';

/** LZ4 frames. Checksums are skipped: a fault shows where bytes are referred to that are not there. */
export const lz4Layer: Layer = {
  name: 'lz4',
  title: 'LZ4',
  readOnlyReason: 'LZ4 can be read here, but not written: values in it cannot be edited',
  fit: (bytes) => (bytes.length > 7 && bytes.readUInt32LE() === 0x184d2204 ? 'sure' : 'no'),
  unpack: async (bytes) => unpackFrame(bytes),
};

function unpackFrame(bytes: Buffer): Buffer {
  const cursor = new ByteCursor(bytes, 'LZ4');
  if (cursor.uintLE(4) !== 0x184d2204) throw cursor.fault('starts in another way');
  const flags = cursor.byte();
  if (flags >> 6 !== 1) throw cursor.fault('is of an unknown version');
  cursor.take(1 + (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0) + 1);
  const output = new GrowingBuffer('LZ4', bytes.length);
  for (let size = cursor.uintLE(4); size !== 0; size = cursor.uintLE(4)) {
    const block = cursor.take(size & 0x7fffffff);
    if (size > 0x7fffffff) output.append(block);
    else unpackBlock(block, output, flags & 0x20 ? output.size : 0);
    if (flags & 0x10) cursor.take(4);
  }
  if (flags & 4) cursor.take(4);
  cursor.end();
  return output.result();
}

/** Literals, then a repetition, again and again; the last ends after its literals. `start` is where an independent block begins. */
function unpackBlock(block: Buffer, output: GrowingBuffer, start: number): void {
  const cursor = new ByteCursor(block, 'LZ4');
  for (;;) {
    const token = cursor.byte();
    output.append(cursor.take(lengthOf(cursor, token >> 4)));
    if (cursor.left === 0) return;
    const distance = cursor.uintLE(2);
    output.repeat(distance, lengthOf(cursor, token & 15) + 4, start);
  }
}

function lengthOf(cursor: ByteCursor, nibble: number): number {
  if (nibble < 15) return nibble;
  for (let length = 15; ;) {
    const more = cursor.byte();
    length += more;
    if (more < 255) return length;
  }
}
