import type { SeededRandom } from '../../helpers/random';

/** Numbers that a server may claim and none means. */
const hostileNumbers = [
  ...['-1', '-01', '-2', '-9', '0', '1', '3', '33000000', '600000', '2147483648', '4294967295', '536870913'],
  ...['1073741825', '9007199254740993', '18446744073709551616', '1e9', '0x10', 'x', '', '+1', ' 1', '007'],
  '9'.repeat(400),
];
const pieces = [
  '\r',
  '\n',
  '\r\n',
  '\0',
  '$-1\r\n',
  '*-1\r\n',
  '*2\r\n',
  '%1\r\n',
  'END\r\n',
  'VA 2\r\n',
  'key=a\n',
];

/** One change of the bytes that a server sends, as chance has it; now and then none. */
export function mutated(bytes: Buffer, random: SeededRandom): Buffer {
  const at = random.below(bytes.length + 1);
  const upTo = Math.min(bytes.length, at + random.below(20));
  switch (random.below(8)) {
    case 0:
      return bytes;
    case 1:
      return bytes.subarray(0, at);
    case 2:
      return flipped(bytes, at, 1 << random.below(8));
    case 3:
      return spliced(bytes, at, upTo, '');
    case 4:
      return spliced(bytes, at, at, random.pick(pieces));
    case 5:
      return spliced(bytes, at, at, bytes.toString('latin1', at, upTo));
    case 6:
      return spliced(bytes, at, at, '*1\r\n'.repeat(random.below(50)));
    default:
      return withNumber(bytes, random);
  }
}

/** The bytes as they may come: at once, one by one, or cut by chance. */
export function chunked(bytes: Buffer, random: SeededRandom): Buffer[] {
  const way = random.below(3);
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = way === 0 ? bytes.length : way === 1 ? 1 : 1 + random.below(40);
    chunks.push(Buffer.from(bytes.subarray(at, at + size)));
    at += size;
  }
  return chunks;
}

function flipped(bytes: Buffer, at: number, bits: number): Buffer {
  const copy = Buffer.from(bytes);
  if (at < copy.length) copy.writeUInt8(copy.readUInt8(at) ^ bits, at);
  return copy;
}

function spliced(bytes: Buffer, from: number, to: number, between: string): Buffer {
  return Buffer.concat([bytes.subarray(0, from), Buffer.from(between, 'latin1'), bytes.subarray(to)]);
}

/** Another number in the place of one. */
function withNumber(bytes: Buffer, random: SeededRandom): Buffer {
  const numbers = [...bytes.toString('latin1').matchAll(/-?\d+/g)];
  if (numbers.length === 0) return bytes;
  const { index, 0: number } = random.pick(numbers);
  return spliced(bytes, index, index + number.length, random.pick(hostileNumbers));
}
