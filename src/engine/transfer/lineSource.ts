import * as v from 'valibot';
import { toEngineError, type EngineError } from '../kernel/errors';
import { lineSchema, type FileLine } from './fileLines';
import type { TextLine } from './textLines';

/** A line of a file as it was read: what it says, or why it says nothing. */
export type ReadLine =
  /** `isJoined`: it was too long for one line. */
  | { readonly number: number; readonly line: FileLine; readonly isJoined?: true }
  | { readonly number: number; readonly problem: string };

/** Longest text that pieces are joined to, characters: the largest element of a server, in base64. */
const longestJoined = 720 * 1024 * 1024;

/** The lines of a file after its first, parsed, with one looked at ahead. */
export class LineSource {
  private ahead: ReadLine | undefined;
  /** What kept the file from being read on: it is no end of it, whoever asks again. */
  private failure: EngineError | undefined;

  constructor(private readonly lines: AsyncIterator<TextLine>) {}

  /** The next line, which stays the next; undefined at the end of the file. */
  async peek(): Promise<ReadLine | undefined> {
    if (this.failure) throw this.failure;
    try {
      this.ahead ??= await this.read();
    } catch (thrown) {
      this.failure = toEngineError(thrown);
      throw this.failure;
    }
    return this.ahead;
  }

  /** The next line. */
  async next(): Promise<ReadLine | undefined> {
    const line = await this.peek();
    this.ahead = undefined;
    return line;
  }

  private async read(): Promise<ReadLine | undefined> {
    const pieces: string[] = [];
    let length = 0;
    for (;;) {
      const text = await this.text();
      if (!text) return undefined;
      const parsed = parseLine(text);
      // a last line that stops in the middle is the end of a file that was cut off
      if (!text.isEnded && 'problem' in parsed) return undefined;
      if ('problem' in parsed || !('piece' in parsed.line)) return pieces.length > 0 ? broken(text) : parsed;
      length += parsed.line.piece.length;
      if (length > longestJoined) return { number: text.number, problem: 'is too long' };
      pieces.push(parsed.line.piece);
      if (parsed.line.last) return { ...parseLine({ ...text, text: pieces.join('') }), isJoined: true };
    }
  }

  /** The next line that is not empty. */
  private async text(): Promise<TextLine | undefined> {
    for (;;) {
      const next = await this.lines.next();
      if (next.done) return undefined;
      if (next.value.text?.trim() !== '') return next.value;
    }
  }
}

function broken({ number }: TextLine): ReadLine {
  return { number, problem: 'comes where the rest of a long line should be' };
}

function parseLine({ number, text }: TextLine): ReadLine {
  if (text === undefined) return { number, problem: 'is no UTF-8 text, or too long' };
  const result = v.safeParse(lineSchema, jsonOf(text));
  if (result.success) return { number, line: result.output };
  return { number, problem: 'is no line of this format' };
}

/** What a line of JSON says; undefined, which nothing accepts, when it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
