import { isUtf8 } from 'node:buffer';

/** Why an editor would not keep these bytes as they are. */
export type TextHindrance = 'binary' | 'encoding' | 'byte-order-mark' | 'line-ends';

const mark = Buffer.of(0xef, 0xbb, 0xbf);

/** What keeps a text editor from saving exactly these bytes; undefined when nothing does. */
export function textHindrance(bytes: Buffer): TextHindrance | undefined {
  if (bytes.includes(0)) return 'binary';
  if (!isUtf8(bytes)) return 'encoding';
  if (hasMark(bytes)) return 'byte-order-mark';
  return hasOneLineEnd(bytes.toString('latin1')) ? undefined : 'line-ends';
}

/** Whether bytes begin with the byte order mark of UTF-8. */
export function hasMark(bytes: Buffer): boolean {
  return bytes.subarray(0, mark.length).equals(mark);
}

/** Editors keep one kind of line end a document, and take a lone carriage return for one. */
function hasOneLineEnd(text: string): boolean {
  const feeds = count(text, '\n');
  const returns = count(text, '\r');
  return returns === 0 || (returns === feeds && count(text, '\r\n') === feeds);
}

function count(text: string, part: string): number {
  let found = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) found++;
  return found;
}
