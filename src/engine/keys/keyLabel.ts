import { Buffer } from 'node:buffer';
import type { KeyName } from '../kernel/keyName';

/** Control and format characters, line separators, and whatever else is drawn as nothing: two names must not look alike. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u202f\\]/gu;

/**
 * Text that shows any bytes on one line and can be read back by `bytesOfLabel`: valid UTF-8 as it is,
 * everything invisible, misleading or invalid as `\xff`, `\n`, `\u{202e}`; a backslash as `\\`.
 */
export function labelOfBytes(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!text.includes('\ufffd')) return text.replace(unsafe, escapeCharacter);
  return labelOfMixed(bytes);
}

/** The label of a key, see `labelOfBytes`. */
export function keyLabel(name: KeyName): string {
  return labelOfBytes(Buffer.from(name, 'latin1'));
}

function escapeCharacter(character: string): string {
  if (character === '\\') return '\\\\';
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  const code = character.codePointAt(0) ?? 0;
  return code < 0x80 ? hexEscape(code) : `\\u{${code.toString(16)}}`;
}

function hexEscape(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

function labelOfMixed(bytes: Buffer): string {
  let label = '';
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    if (length === 0) label += hexEscape(bytes[at++] ?? 0);
    else {
      label += bytes.toString('utf8', at, at + length).replace(unsafe, escapeCharacter);
      at += length;
    }
  }
  return label;
}

/** Length in bytes of the valid UTF-8 sequence that starts at `at`, 0 when there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const lead = bytes[at] ?? 0;
  const length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (length < 2) return length;
  const piece = bytes.subarray(at, at + length);
  return Buffer.from(piece.toString('utf8'), 'utf8').equals(piece) ? length : 0;
}

const escapes = /\\(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\}|([\\nrt]))/gu;

/** Reads back what `labelOfBytes` wrote; undefined when a backslash starts no known escape, or half a surrogate pair stands alone. */
export function bytesOfLabel(label: string): Buffer | undefined {
  if (/\p{Surrogate}/u.test(label)) return undefined;
  const parts: Buffer[] = [];
  let at = 0;
  for (const match of label.matchAll(escapes)) {
    const escaped = bytesOfEscape(match);
    if (escaped === undefined || label.slice(at, match.index).includes('\\')) return undefined;
    parts.push(Buffer.from(label.slice(at, match.index), 'utf8'), escaped);
    at = match.index + match[0].length;
  }
  if (label.slice(at).includes('\\')) return undefined;
  parts.push(Buffer.from(label.slice(at), 'utf8'));
  return Buffer.concat(parts);
}

function bytesOfEscape([, hex, unicode, letter]: RegExpExecArray): Buffer | undefined {
  if (hex !== undefined) return Buffer.from(hex, 'hex');
  if (unicode !== undefined) {
    const point = Number.parseInt(unicode, 16);
    const isSurrogate = point >= 0xd800 && point <= 0xdfff;
    return point <= 0x10ffff && !isSurrogate ? Buffer.from(String.fromCodePoint(point), 'utf8') : undefined;
  }
  const plain: Record<string, string> = { n: '\n', r: '\r', t: '\t' };
  return Buffer.from(plain[letter ?? ''] ?? '\\', 'utf8');
}
