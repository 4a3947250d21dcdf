import { invalid } from '../../kernel/errors';

/** Deepest value that is written out. */
const maxDepth = 200;
/** Longest text that is written, in characters. */
const maxLength = 32 * 1024 * 1024;

/** Writes JSON text piece by piece, two spaces a level: what a JavaScript object would lose is kept. */
export class JsonWriter {
  private readonly parts: string[] = [];
  private readonly closers: string[] = [];
  private length = 0;
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
    return this.parts.join('');
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
    this.push(`\n${'  '.repeat(this.closers.length)}`);
  }

  private push(part: string): void {
    this.length += part.length;
    if (this.length > maxLength) throw invalid('Written out, this value would be too long to show');
    this.parts.push(part);
  }
}
