import { isAscii } from 'node:buffer';
import { invalid } from '../../engine/kernel/errors';
import type { Layer } from '../../engine/values/views/codec';

/** Shortest text that is taken for Base64. */
const minLength = 12;

/** Base64 as text, in either alphabet, with or without padding and line breaks. */
export const base64Layer: Layer = {
  name: 'base64',
  title: 'Base64',
  readOnlyReason: 'This Base64 text is laid out in a way that saving would change',
  fit: (bytes) => (bytes.length >= minLength && isBase64(bytes) ? 'convincing' : 'no'),
  async unpack(bytes) {
    if (bytes.length === 0 || !isBase64(bytes)) throw invalid('This is not Base64');
    return Buffer.from(bytes.toString('latin1'), 'base64');
  },
  async pack(inner, { bytes, inner: originalInner }) {
    const form = formOf(bytes.toString('latin1'));
    const again = write(originalInner, form);
    return again === bytes.toString('latin1') ? Buffer.from(write(inner, form), 'latin1') : undefined;
  },
};

function isBase64(bytes: Buffer): boolean {
  if (!isAscii(bytes)) return false;
  const text = bytes.toString('latin1').replace(/[\r\n]/g, '');
  return text.length % 4 !== 1 && (/^[A-Za-z0-9+/]*={0,2}$/.test(text) || /^[\w-]*={0,2}$/.test(text));
}

interface Base64Form {
  readonly isUrl: boolean;
  readonly isPadded: boolean;
  /** Characters of a line; 0 when there is one line only. */
  readonly width: number;
  readonly newline: string;
  readonly tail: string;
}

function formOf(text: string): Base64Form {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  let end = text.length;
  while (end > 0 && '\r\n'.includes(text.charAt(end - 1))) end--;
  const body = text.slice(0, end);
  return {
    isUrl: /[-_]/.test(text),
    // text that needs no padding shows nothing of it: most writers pad
    isPadded: body.endsWith('=') || body.replace(/[\r\n]/g, '').length % 4 === 0,
    width: Math.max(0, body.indexOf(newline)),
    newline,
    tail: text.slice(end),
  };
}

function write(inner: Buffer, { isUrl, isPadded, width, newline, tail }: Base64Form): string {
  let text = inner.toString('base64');
  if (isUrl) text = text.replaceAll('+', '-').replaceAll('/', '_');
  if (!isPadded) text = text.replace(/={1,2}$/, '');
  if (width > 0) text = text.match(new RegExp(`.{1,${width}}`, 'g'))?.join(newline) ?? '';
  return text + tail;
}
