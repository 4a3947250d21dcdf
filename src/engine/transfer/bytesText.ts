import { Buffer } from 'node:buffer';
import * as v from 'valibot';

/** Bytes in JSON: as text where that is legible and says exactly the same, else as base64. */
export type BytesText = { readonly text: string } | { readonly base64: string };

/** Control and format characters other than tabs and line ends, and what cannot be told apart when read. */
const illegible = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cn}\ufffd]/u;

/** Bytes as JSON holds them. */
export function bytesText(bytes: Buffer): BytesText {
  const text = bytes.toString('utf8');
  return illegible.test(text) ? { base64: bytes.toString('base64') } : { text };
}

const text = v.strictObject({
  text: v.pipe(
    v.string(),
    v.check((value) => !/\p{Surrogate}/u.test(value), 'holds half a character'),
  ),
});
const base64 = v.strictObject({
  base64: v.pipe(v.string(), v.check(isBase64, 'is no base64')),
});

/** The same with the seal that may stand behind it. */
export const sealedBytesSchema = v.pipe(
  v.union([
    v.strictObject({ ...text.entries, seal: v.exactOptional(v.string()) }),
    v.strictObject({ ...base64.entries, seal: v.exactOptional(v.string()) }),
  ]),
  v.transform(({ seal, ...bytes }) => ({
    bytes: 'text' in bytes ? Buffer.from(bytes.text, 'utf8') : Buffer.from(bytes.base64, 'base64'),
    ...(seal !== undefined && { seal }),
  })),
);

/** The bytes that `bytesText` wrote. */
export const bytesSchema = v.pipe(
  v.union([text, base64]),
  v.transform((bytes) =>
    'text' in bytes ? Buffer.from(bytes.text, 'utf8') : Buffer.from(bytes.base64, 'base64'),
  ),
);

/** Node decodes what it can and drops the rest: only text that is base64 through and through is taken. */
function isBase64(value: string): boolean {
  return value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value);
}
