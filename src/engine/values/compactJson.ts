import { Buffer, isUtf8 } from 'node:buffer';
import { invalid } from '../kernel/errors';
import { scanWholeJsonInSlices } from './views/jsonScanner';

/**
 * JSON without the white space between its parts, and otherwise as it was: numbers and escapes keep their spelling.
 * VALIDATION_ERROR, which does not repeat the text, when it is no JSON. A long text is read in slices, each in a turn
 * of its own.
 */
export async function compactJson(
  text: Buffer,
  nextTurn: () => Promise<unknown> = () => new Promise(setImmediate),
): Promise<Buffer> {
  if (!isUtf8(text)) throw invalid('The text is not JSON: it is not UTF-8');
  const kept = Buffer.alloc(text.length);
  let length = 0;
  const keep = (start: number, end: number): void => {
    length += text.copy(kept, length, start, end);
  };
  // one character a byte: where a token stands is the same, and outside of texts all is ASCII
  const fault = await scanWholeJsonInSlices(
    text.toString('latin1'),
    (_, start, end) => keep(start, end),
    nextTurn,
  );
  if (fault) throw invalid('The text is not JSON');
  return Buffer.from(kept.subarray(0, length));
}
