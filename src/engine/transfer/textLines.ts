import { Buffer, isUtf8 } from 'node:buffer';

/** A line of a file by its number, from 1. */
export interface TextLine {
  readonly number: number;
  /** Undefined: it is no UTF-8, or longer than any that we write. */
  readonly text?: string;
  /** False for a last line without an end. */
  readonly isEnded: boolean;
}

/** Bytes of a line at most: what is longer was not written by us, and is passed over without being held. */
export const longestTextLine = 8 * 1024 * 1024;

/** The lines of a file, one in memory at a time. */
export async function* textLines(chunks: AsyncIterable<Buffer>): AsyncIterable<TextLine> {
  let number = 1;
  let held: Buffer[] = [];
  let size = 0;
  const take = (isEnded: boolean): TextLine => {
    const line = lineOf(number++, size > longestTextLine ? undefined : Buffer.concat(held), isEnded);
    held = [];
    size = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      held.push(chunk.subarray(start, end));
      size += end - start;
      yield take(true);
      start = end + 1;
    }
    size += chunk.length - start;
    if (size <= longestTextLine) held.push(chunk.subarray(start));
    else held = [];
  }
  if (size > 0) yield take(false);
}

function lineOf(number: number, bytes: Buffer | undefined, isEnded: boolean): TextLine {
  if (!bytes || !isUtf8(bytes)) return { number, isEnded };
  const text = bytes.toString('utf8');
  // an editor may have put a byte order mark before the first
  return { number, isEnded, text: number === 1 ? text.replace(/^\ufeff/, '') : text };
}
