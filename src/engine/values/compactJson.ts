import { Buffer, isUtf8 } from 'node:buffer';
import { invalid } from '../kernel/errors';

/**
 * JSON without the white space between its parts, and otherwise as it was: numbers and escapes keep their spelling.
 * VALIDATION_ERROR, which does not repeat the text, when it is no JSON.
 */
export function compactJson(text: Buffer): Buffer {
  requireJson(text);
  const kept = Buffer.alloc(text.length);
  let length = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const byte = text[i] ?? 0;
    if (inString && byte === backslash) {
      kept[length++] = byte;
      kept[length++] = text[++i] ?? 0;
      continue;
    }
    if (byte === quote) inString = !inString;
    if (inString || !isSpace(byte)) kept[length++] = byte;
  }
  return Buffer.from(kept.subarray(0, length));
}

const backslash = 0x5c;
const quote = 0x22;

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

function requireJson(text: Buffer): void {
  if (!isUtf8(text)) throw invalid('The text is not JSON: it is not UTF-8');
  try {
    JSON.parse(text.toString('utf8'));
  } catch {
    // what the parser says would quote the text
    throw invalid('The text is not JSON');
  }
}
