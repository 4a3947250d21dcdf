import type { BinaryFormat } from '../../engine/values/views/jsonToBinary';
import { isIntegerText } from './numberText';

const words = new Map([
  ['false', 0xf4],
  ['true', 0xf5],
  ['null', 0xf6],
]);

/** The ways libraries write CBOR: floats always long, or as short as they can be. */
export const cborFormats: readonly [BinaryFormat, ...BinaryFormat[]] = [
  formatOf((value) => double(value)),
  formatOf((value) => half(value) ?? single(value) ?? double(value)),
  formatOf((value) => single(value) ?? double(value)),
];

function formatOf(float: (value: number) => Buffer): BinaryFormat {
  return {
    title: 'CBOR',
    array: (length) => head(4, BigInt(length)),
    map: (length) => head(5, BigInt(length)),
    string: (utf8) => Buffer.concat([head(3, BigInt(utf8.length)), utf8]),
    number: (text) => (isIntegerText(text) ? integer(BigInt(text)) : finite(Number(text), float)),
    word: (word) => Buffer.of(words.get(word) ?? 0xf6),
  };
}

function finite(value: number, float: (value: number) => Buffer): Buffer | undefined {
  return Number.isFinite(value) ? float(value) : undefined;
}

function integer(value: bigint): Buffer | undefined {
  const argument = value < 0n ? -1n - value : value;
  return argument < 2n ** 64n ? head(value < 0n ? 1 : 0, argument) : undefined;
}

/** Type and argument in the shortest form. */
function head(type: number, argument: bigint): Buffer {
  const lead = type << 5;
  if (argument < 24n) return Buffer.of(lead | Number(argument));
  const [info, size] =
    argument < 0x100n ? [24, 1] : argument < 0x10000n ? [25, 2] : argument < 0x100000000n ? [26, 4] : [27, 8];
  const buffer = Buffer.alloc(9);
  buffer[0] = lead | info;
  buffer.writeBigUInt64BE(argument << BigInt(64 - size * 8), 1);
  return buffer.subarray(0, 1 + size);
}

function half(value: number): Buffer | undefined {
  const bits = halfBits(value);
  return bits === undefined ? undefined : Buffer.of(0xf9, bits >> 8, bits & 0xff);
}

/** The 16 bits of a value that has room in them; undefined for the rest. */
function halfBits(value: number): number | undefined {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size === 0) return sign;
  if (size > 65504) return undefined;
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  const fraction = (size / 2 ** exponent) * 1024;
  if (!Number.isInteger(fraction)) return undefined;
  return sign | (fraction < 1024 ? fraction : ((exponent + 15) << 10) | (fraction - 1024));
}

function single(value: number): Buffer | undefined {
  if (Math.fround(value) !== value) return undefined;
  const buffer = Buffer.alloc(5, 0xfa);
  buffer.writeFloatBE(value, 1);
  return buffer;
}

function double(value: number): Buffer {
  const buffer = Buffer.alloc(9, 0xfb);
  buffer.writeDoubleBE(value, 1);
  return buffer;
}
