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
export function commandLine(args: readonly (string | number | bigint | Buffer)[]): string {
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

/** What a command line holds, as far as it can be read. */
export interface SplitLine {
  readonly args: Buffer[];
  /** False when its quotes do not fit: `args` are those before the place. */
  readonly isWhole: boolean;
}

const [space, doubleQuote, singleQuote, backslash] = [32, 34, 39, 92];

/** The arguments of a command line as redis-cli takes them apart; undefined when its quotes do not fit. */
export function parseCommandLine(line: string): Buffer[] | undefined {
  const { args, isWhole } = splitCommandLine(line);
  return isWhole ? args : undefined;
}

/** The same, with what comes before the place where the quotes do not fit. */
export function splitCommandLine(line: string): SplitLine {
  const bytes = Buffer.from(line);
  // redis-cli ends a line there
  if (bytes.includes(0)) return { args: [], isWhole: false };
  const splitter = new Splitter(bytes);
  const args: Buffer[] = [];
  for (let arg = splitter.next(); arg !== 'end'; arg = splitter.next()) {
    if (arg === 'broken') return { args, isWhole: false };
    args.push(arg);
  }
  return { args, isWhole: true };
}

/** Takes one line apart. Quotes may open anywhere in an argument, and end it when they close. */
class Splitter {
  private readonly out: Buffer;
  private at = 0;
  private length = 0;

  constructor(private readonly bytes: Buffer) {
    this.out = Buffer.alloc(bytes.length);
  }

  next(): Buffer | 'end' | 'broken' {
    const { bytes } = this;
    while (isSpace(bytes[this.at])) this.at++;
    if (this.at >= bytes.length) return 'end';
    const start = this.length;
    while (this.at < bytes.length && !isEnd(bytes[this.at])) {
      const byte = bytes[this.at++];
      if (byte !== doubleQuote && byte !== singleQuote) this.put(byte);
      else if (!this.quoted(byte)) return 'broken';
      else break;
    }
    return Buffer.from(this.out.subarray(start, this.length));
  }

  /** Reads up to the closing quote; false when there is none, or when it closes in the middle of an argument. */
  private quoted(quote: number): boolean {
    const { bytes } = this;
    for (; this.at < bytes.length; this.at++) {
      if (bytes[this.at] === quote) {
        this.at++;
        return this.at === bytes.length || isSpace(bytes[this.at]);
      }
      const escape = bytes[this.at] === backslash ? escapeAt(bytes, this.at, quote) : undefined;
      this.put(escape ? escape[0] : bytes[this.at]);
      this.at += escape?.[1] ?? 0;
    }
    return false;
  }

  private put(byte: number | undefined): void {
    this.out[this.length++] = byte ?? 0;
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === space || (byte !== undefined && byte >= 9 && byte <= 13);
}

/** What ends an argument without quotes: fewer than the spaces that may stand before one. */
function isEnd(byte: number | undefined): boolean {
  return byte === space || byte === 9 || byte === 10 || byte === 13;
}

/** The byte that an escape stands for, and how many bytes follow its backslash. Within single quotes only `\'` is one. */
function escapeAt(bytes: Buffer, at: number, quote: number): readonly [number, number] | undefined {
  const next = bytes[at + 1];
  if (next === undefined) return undefined;
  if (quote === singleQuote) return next === singleQuote ? [next, 1] : undefined;
  const hex = bytes.toString('latin1', at + 1, at + 4);
  if (/^x[0-9a-fA-F]{2}$/.test(hex)) return [Number.parseInt(hex.slice(1), 16), 3];
  return [letters[String.fromCharCode(next)] ?? next, 1];
}
