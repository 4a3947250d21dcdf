import type { BinaryFormat } from '../../engine/values/views/jsonToBinary';
import { isIntegerText } from './numberText';

const words = new Map([
  ['null', 0xc0],
  ['false', 0xc2],
  ['true', 0xc3],
]);

/** The ways libraries write MessagePack, the usual one first. */
export const msgpackFormats: readonly [BinaryFormat, ...BinaryFormat[]] = [
  formatOf({ isFloat32: false, isOld: false }),
  formatOf({ isFloat32: true, isOld: false }),
  formatOf({ isFloat32: false, isOld: true }),
];

function formatOf({ isFloat32, isOld }: { isFloat32: boolean; isOld: boolean }): BinaryFormat {
  return {
    title: 'MessagePack',
    array: (length) => (length < 16 ? Buffer.of(0x90 | length) : sized(length, undefined, 0xdc, 0xdd)),
    map: (length) => (length < 16 ? Buffer.of(0x80 | length) : sized(length, undefined, 0xde, 0xdf)),
    string: (utf8) => Buffer.concat([stringHead(utf8.length, isOld), utf8]),
    number: (text) => (isIntegerText(text) ? integer(BigInt(text)) : float(Number(text), isFloat32)),
    word: (word) => Buffer.of(words.get(word) ?? 0xc0),
  };
}

/** The first specification had no form for texts of 32 to 255 bytes. */
function stringHead(length: number, isOld: boolean): Buffer {
  return length < 32 ? Buffer.of(0xa0 | length) : sized(length, isOld ? undefined : 0xd9, 0xda, 0xdb);
}

function sized(length: number, code8: number | undefined, code16: number, code32: number): Buffer {
  if (code8 !== undefined && length < 0x100) return Buffer.of(code8, length);
  if (length < 0x10000) return withHead(code16, 2, (buffer) => buffer.writeUInt16BE(length, 1));
  return withHead(code32, 4, (buffer) => buffer.writeUInt32BE(length, 1));
}

function integer(value: bigint): Buffer | undefined {
  if (value >= 0n) return unsigned(value);
  if (value >= -32n) return Buffer.of(Number(value) & 0xff);
  if (value >= -0x80n) return withHead(0xd0, 1, (buffer) => buffer.writeInt8(Number(value), 1));
  if (value >= -0x8000n) return withHead(0xd1, 2, (buffer) => buffer.writeInt16BE(Number(value), 1));
  if (value >= -0x80000000n) return withHead(0xd2, 4, (buffer) => buffer.writeInt32BE(Number(value), 1));
  if (value < -(2n ** 63n)) return undefined;
  return withHead(0xd3, 8, (buffer) => buffer.writeBigInt64BE(value, 1));
}

function unsigned(value: bigint): Buffer | undefined {
  if (value < 0x80n) return Buffer.of(Number(value));
  if (value < 0x100n) return Buffer.of(0xcc, Number(value));
  if (value < 0x10000n) return withHead(0xcd, 2, (buffer) => buffer.writeUInt16BE(Number(value), 1));
  if (value < 0x100000000n) return withHead(0xce, 4, (buffer) => buffer.writeUInt32BE(Number(value), 1));
  if (value >= 2n ** 64n) return undefined;
  return withHead(0xcf, 8, (buffer) => buffer.writeBigUInt64BE(value, 1));
}

function float(value: number, isFloat32: boolean): Buffer | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (isFloat32 && Math.fround(value) === value)
    return withHead(0xca, 4, (buffer) => buffer.writeFloatBE(value, 1));
  return withHead(0xcb, 8, (buffer) => buffer.writeDoubleBE(value, 1));
}

function withHead(code: number, size: number, write: (buffer: Buffer) => unknown): Buffer {
  const buffer = Buffer.alloc(1 + size);
  buffer[0] = code;
  write(buffer);
  return buffer;
}
