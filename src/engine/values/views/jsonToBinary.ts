import { Buffer } from 'node:buffer';
import type { EncodedValue } from '../valueViews';
import { encodeUtf8 } from './encodeUtf8';
import { scanWholeJson, type JsonToken } from './jsonScanner';

/** How a binary format writes what JSON can say. Undefined where it cannot. */
export interface BinaryFormat {
  readonly title: string;
  array(length: number): Buffer;
  map(length: number): Buffer;
  string(utf8: Buffer): Buffer;
  number(text: string): Buffer | undefined;
  word(word: string): Buffer;
}

/** Writes a JSON text in a binary format, token by token: numbers and duplicate keys stay as they are. */
export function jsonToBinary(text: string, format: BinaryFormat): EncodedValue {
  const counter = new ElementCounter(text);
  const fault = scanWholeJson(text, (token, start) => {
    counter.take(token, start);
  });
  if (fault) return fault;
  const writer = new BinaryWriter(text, format, counter.counts);
  scanWholeJson(text, (token, start, end) => {
    writer.take(token, start, end);
  });
  return writer.result();
}

/** Counts the elements of every bracket, in the order they open: a head is written before its elements. */
class ElementCounter {
  readonly counts: number[] = [];
  private readonly open: { readonly at: number; readonly isMap: boolean }[] = [];

  constructor(private readonly text: string) {}

  take(token: JsonToken, start: number): void {
    if (token === 'comma' || token === 'colon') return;
    if (token === 'close') {
      this.open.pop();
      return;
    }
    const above = this.open.at(-1);
    if (above && (token === 'key' || !above.isMap)) this.counts[above.at] = (this.counts[above.at] ?? 0) + 1;
    if (token !== 'open') return;
    this.open.push({ at: this.counts.length, isMap: this.text[start] === '{' });
    this.counts.push(0);
  }
}

/** Writes heads and values one after another. */
class BinaryWriter {
  private bytes = Buffer.alloc(1024);
  private length = 0;
  private opened = 0;
  private problem: { readonly problem: string; readonly at: number } | undefined;

  constructor(
    private readonly text: string,
    private readonly format: BinaryFormat,
    private readonly counts: readonly number[],
  ) {}

  take(token: JsonToken, start: number, end: number): void {
    if (this.problem || token === 'comma' || token === 'colon' || token === 'close') return;
    if (token === 'open') this.head(this.text[start] === '{');
    else this.scalar(token, this.text.slice(start, end), start);
  }

  result(): EncodedValue {
    return this.problem ?? { bytes: Buffer.from(this.bytes.subarray(0, this.length)) };
  }

  private head(isMap: boolean): void {
    const count = this.counts[this.opened++] ?? 0;
    this.push(isMap ? this.format.map(count) : this.format.array(count));
  }

  private scalar(token: JsonToken, source: string, at: number): void {
    if (token === 'word') this.push(this.format.word(source));
    else if (token === 'number') this.number(source, at);
    else this.string(source, at);
  }

  private string(source: string, at: number): void {
    const encoded = encodeUtf8(String(JSON.parse(source)));
    if ('problem' in encoded) this.problem = { problem: encoded.problem, at };
    else this.push(this.format.string(encoded.bytes));
  }

  private number(source: string, at: number): void {
    const bytes = this.format.number(source);
    if (bytes) this.push(bytes);
    else this.problem = { problem: `${this.format.title} has no room for this number`, at };
  }

  private push(part: Buffer): void {
    const needed = this.length + part.length;
    if (needed > this.bytes.length) {
      const larger = Buffer.alloc(Math.max(needed, this.bytes.length * 2));
      this.bytes.copy(larger, 0, 0, this.length);
      this.bytes = larger;
    }
    part.copy(this.bytes, this.length);
    this.length = needed;
  }
}

/** Writes text in the first of some formats that gives `original` back for what is shown of it; else in the usual one. */
export function jsonToBinaryAs(
  text: string,
  { shown, original }: { readonly shown: string; readonly original: Buffer },
  formats: readonly [BinaryFormat, ...BinaryFormat[]],
): EncodedValue {
  for (const format of formats) {
    const again = jsonToBinary(shown, format);
    if ('bytes' in again && again.bytes.equals(original))
      return text === shown ? again : jsonToBinary(text, format);
  }
  return jsonToBinary(text, formats[0]);
}
