import { invalid } from '../../kernel/errors';
import { LongText } from './longText';

/** Deepest value that is written out. */
const maxDepth = 200;
/** Longest text that is written, in characters. */
const maxLength = 32 * 1024 * 1024;

/** A new line, indented, by depth. */
const lineBreaks = Array.from({ length: maxDepth + 1 }, (_, depth) => `\n${'  '.repeat(depth)}`);

/** Writes JSON text piece by piece, two spaces a level: what a JavaScript object would lose is kept. */
export class JsonWriter {
  private readonly written = new LongText();
  private readonly closers: string[] = [];
  private isFirst = true;
  private isAfterKey = false;

  open(bracket: '{' | '['): void {
    this.element();
    this.push(bracket);
    this.closers.push(bracket === '{' ? '}' : ']');
    if (this.closers.length > maxDepth) throw invalid(`This value is nested deeper than ${maxDepth} levels`);
    this.isFirst = true;
  }

  close(): void {
    const closer = this.closers.pop() ?? '';
    if (!this.isFirst) this.breakLine();
    this.push(closer);
    this.isFirst = false;
  }

  key(name: string): void {
    this.element();
    this.push(`${JSON.stringify(name)}: `);
    this.isAfterKey = true;
  }

  string(text: string): void {
    this.raw(JSON.stringify(text));
  }

  /** A number, a word, or JSON that was written elsewhere. */
  raw(json: string): void {
    this.element();
    this.push(json);
  }

  text(): string {
    return this.written.toString();
  }

  private element(): void {
    if (this.isAfterKey) {
      this.isAfterKey = false;
      return;
    }
    if (!this.isFirst) this.push(',');
    if (this.closers.length > 0) this.breakLine();
    this.isFirst = false;
  }

  private breakLine(): void {
    this.push(lineBreaks[this.closers.length] ?? '\n');
  }

  private push(part: string): void {
    this.written.push(part);
    if (this.written.length > maxLength) throw invalid('Written out, this value would be too long to show');
  }
}
