import { Buffer } from 'node:buffer';

/** Bytes that stand in a command line without quotes. */
const plain = /^[A-Za-z0-9_:.,/@+*$-]+$/;

/** The letters redis-cli knows after a backslash. */
const letters: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, a: 7 };
const escapes = new Map([
  [10, '\\n'],
  [13, '\\r'],
  [9, '\\t'],
  [8, '\\b'],
  [7, '\\a'],
  [34, '\\"'],
  [92, '\\\\'],
]);

/** A command as redis-cli reads it: any bytes, on one line of ASCII. */
export function commandLine(args: readonly (string | number | Buffer)[]): string {
  return `${args.map((arg) => quoted(Buffer.isBuffer(arg) ? arg : Buffer.from(String(arg)))).join(' ')}\n`;
}

function quoted(bytes: Buffer): string {
  const text = bytes.toString('latin1');
  if (plain.test(text)) return text;
  // eslint-disable-next-line no-control-regex -- what is not printable ASCII is what must be escaped
  return `"${text.replace(/[\x00-\x1f"\\\x7f-\xff]/g, (character) => escaped(character.charCodeAt(0)))}"`;
}

function escaped(byte: number): string {
  return escapes.get(byte) ?? `\\x${byte.toString(16).padStart(2, '0')}`;
}

/** An argument, and where what follows it begins. */
interface Token {
  readonly value: Buffer;
  readonly end: number;
}

const [space, doubleQuote, singleQuote, backslash] = [32, 34, 39, 92];

/** The arguments of a command line; undefined when its quotes do not fit. */
export function parseCommandLine(line: string): Buffer[] | undefined {
  const bytes = Buffer.from(line);
  const args: Buffer[] = [];
  for (let at = 0; ;) {
    while (at < bytes.length && isSpace(bytes[at])) at++;
    if (at === bytes.length) return args;
    const token = tokenAt(bytes, at);
    if (!token || (token.end < bytes.length && !isSpace(bytes[token.end]))) return undefined;
    args.push(token.value);
    at = token.end;
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === space || (byte !== undefined && byte >= 9 && byte <= 13);
}

function tokenAt(bytes: Buffer, at: number): Token | undefined {
  if (bytes[at] === doubleQuote || bytes[at] === singleQuote) return quotedToken(bytes, at);
  let end = at;
  while (end < bytes.length && !isSpace(bytes[end])) {
    // redis-cli would open quotes in the middle: we never write them there
    if (bytes[end] === doubleQuote || bytes[end] === singleQuote) return undefined;
    end++;
  }
  return { value: Buffer.from(bytes.subarray(at, end)), end };
}

function quotedToken(bytes: Buffer, at: number): Token | undefined {
  const quote = bytes[at];
  let close = at + 1;
  while (close < bytes.length && bytes[close] !== quote) close += bytes[close] === backslash ? 2 : 1;
  if (close >= bytes.length) return undefined;
  return { value: unescaped(bytes.subarray(at + 1, close), quote === doubleQuote), end: close + 1 };
}

function unescaped(bytes: Buffer, isDouble: boolean): Buffer {
  const value = Buffer.alloc(bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const escape =
      bytes[i] !== backslash ? undefined : isDouble ? escapeAt(bytes, i) : singleEscapeAt(bytes, i);
    value[length++] = escape ? escape[0] : (bytes[i] ?? 0);
    i += escape?.[1] ?? 0;
  }
  return value.subarray(0, length);
}

/** The byte that an escape stands for, and how many bytes follow its backslash. */
function escapeAt(bytes: Buffer, at: number): readonly [number, number] {
  const hex = bytes.toString('latin1', at + 1, at + 4);
  if (/^x[0-9a-fA-F]{2}$/.test(hex)) return [Number.parseInt(hex.slice(1), 16), 3];
  const next = bytes[at + 1] ?? backslash;
  return [letters[String.fromCharCode(next)] ?? next, 1];
}

function singleEscapeAt(bytes: Buffer, at: number): readonly [number, number] {
  return bytes[at + 1] === singleQuote ? [singleQuote, 1] : [backslash, 0];
}
