import { Buffer } from 'node:buffer';
import type { EncodedValue } from '../valueViews';

/** Text as UTF-8, or where half a character stands alone. */
export function encodeUtf8(text: string): EncodedValue {
  const at = text.search(/\p{Surrogate}/u);
  return at < 0
    ? { bytes: Buffer.from(text, 'utf8') }
    : { problem: 'Half a character cannot be saved as UTF-8', at };
}
