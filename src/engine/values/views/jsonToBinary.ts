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
  const writer = new BinaryWriter(text, format);
  const fault = scanWholeJson(text, (token, start, end) => {
    writer.take(token, start, end);
  });
  return fault ?? writer.result();
}

/** Collects what is written; a bracket's head waits until its elements are counted. */
class BinaryWriter {
  private readonly parts: Buffer[] = [];
  private readonly open: { readonly part: number; readonly isMap: boolean; count: number }[] = [];
  private problem: { readonly problem: string; readonly at: number } | undefined;

  constructor(
    private readonly text: string,
    private readonly format: BinaryFormat,
  ) {}

  take(token: JsonToken, start: number, end: number): void {
    if (this.problem || token === 'comma' || token === 'colon') return;
    if (token === 'close') {
      this.close();
      return;
    }
    const above = this.open.at(-1);
    if (above && (token === 'key' || !above.isMap)) above.count++;
    if (token === 'open') this.begin(this.text[start] === '{');
    else this.scalar(token, this.text.slice(start, end), start);
  }

  result(): EncodedValue {
    return this.problem ?? { bytes: Buffer.concat(this.parts) };
  }

  private begin(isMap: boolean): void {
    this.open.push({ part: this.parts.length, isMap, count: 0 });
    this.parts.push(Buffer.alloc(0));
  }

  private close(): void {
    const closed = this.open.pop();
    if (!closed) return;
    const { part, isMap, count } = closed;
    this.parts[part] = isMap ? this.format.map(count) : this.format.array(count);
  }

  private scalar(token: JsonToken, source: string, at: number): void {
    if (token === 'word') this.parts.push(this.format.word(source));
    else if (token === 'number') this.number(source, at);
    else this.string(source, at);
  }

  private string(source: string, at: number): void {
    const encoded = encodeUtf8(String(JSON.parse(source)));
    if ('problem' in encoded) this.problem = { problem: encoded.problem, at };
    else this.parts.push(this.format.string(encoded.bytes));
  }

  private number(source: string, at: number): void {
    const bytes = this.format.number(source);
    if (bytes) this.parts.push(bytes);
    else this.problem = { problem: `${this.format.title} has no room for this number`, at };
  }
}
