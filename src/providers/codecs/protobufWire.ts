import { ByteCursor } from './byteCursor';

/** One field as it stands in the bytes: a varint, eight or four bytes, or a length and what follows. */
export type WireField = { readonly number: number } & (
  | { readonly wire: 'varint'; readonly value: bigint }
  | { readonly wire: 'fixed64' | 'fixed32' | 'bytes'; readonly bytes: Buffer }
);

/** Protocol Buffers, field by field, to the end of the bytes. */
export function* readWire(bytes: Buffer): Generator<WireField> {
  const cursor = new ByteCursor(bytes, 'Protocol Buffers');
  while (cursor.left > 0) yield readField(cursor);
}

function readField(cursor: ByteCursor): WireField {
  const tag = readVarint(cursor);
  const number = Number(tag >> 3n);
  if (number < 1 || number > 0x1fffffff) throw cursor.fault('has a field of a number that does not exist');
  switch (Number(tag & 7n)) {
    case 0:
      return { number, wire: 'varint', value: readVarint(cursor) };
    case 1:
      return { number, wire: 'fixed64', bytes: cursor.take(8) };
    case 2:
      return { number, wire: 'bytes', bytes: cursor.take(lengthOf(cursor)) };
    case 5:
      return { number, wire: 'fixed32', bytes: cursor.take(4) };
    default:
      throw cursor.fault('uses groups, or a way of writing that does not exist');
  }
}

function lengthOf(cursor: ByteCursor): number {
  const length = readVarint(cursor);
  if (length > BigInt(cursor.left)) cursor.need(cursor.left + 1);
  return Number(length);
}

/** Numbers of seven bits a byte, the low ones first; ten bytes at most. */
export function readVarint(cursor: ByteCursor): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = cursor.byte();
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return BigInt.asUintN(64, value);
  }
  throw cursor.fault('holds a number that does not end');
}
