import { Buffer } from 'node:buffer';
import type { KeyName } from '../kernel/keyName';

/**
 * What is drawn as nothing, as a space, as an empty box, or as part of its neighbour: control, format, private and
 * unassigned characters, spaces and line separators, parts of Hangul syllables, and the backslash of the escapes.
 */
const unsafe =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff\\]|(?! )\p{Zs}/u;
/** A character with the marks that are drawn on it, or marks on nothing. */
const cluster = /\P{M}\p{M}*|\p{M}+/gu;
/** A space at an end or after another one. */
const straySpace = /^ |(?<= ) | $/g;
/** Text in which nothing needs a look. */
const plain = /^(?:[!-[\]-~]+ )*[!-[\]-~]+$/;

/** Stands for a name without bytes; no other name is written so, because a backslash in a name is doubled. */
export const emptyName = String.raw`\(empty)`;

/**
 * Text that shows any bytes on one line and can be read back by `bytesOfLabel`: valid UTF-8 as it is,
 * everything invisible, misleading or invalid as `\xff`, `\n`, `\u{202e}`; a backslash as `\\`. Two names never give
 * the same text, nor texts that differ only in spaces or in how an accent is stored; letters of two scripts that are drawn
 * alike are not told apart.
 */
export function labelOfBytes(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (plain.test(text)) return text;
  const label = text.includes('\ufffd') ? labelOfMixed(bytes) : escapeText(text);
  return label.replace(straySpace, String.raw`\x20`);
}

/** The label of a name where it is shown: one without bytes has a word, too. */
export function nameOfBytes(bytes: Buffer): string {
  return labelOfBytes(bytes) || emptyName;
}

/** The label of a key where it is shown, see `nameOfBytes`. */
export function keyLabel(name: KeyName): string {
  return nameOfBytes(Buffer.from(name, 'latin1'));
}

function escapeText(text: string): string {
  return text.replace(cluster, escapeCluster);
}

/** Marks are escaped where they stand on nothing, and where the same look could be stored in another way (Unicode NFC). */
function escapeCluster(drawn: string): string {
  const [base = '', ...marks] = drawn;
  const keepsBase = !unsafe.test(base) && !/\p{M}/u.test(base) && base.normalize('NFC') === base;
  const keepsMarks =
    keepsBase && base !== ' ' && !marks.some((mark) => unsafe.test(mark)) && drawn.normalize('NFC') === drawn;
  return (
    (keepsBase ? base : escapeCharacter(base)) + (keepsMarks ? marks : marks.map(escapeCharacter)).join('')
  );
}

/** How a label writes a character that is not to be drawn as it is. */
export function escapeCharacter(character: string): string {
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
    const end = validUntil(bytes, at);
    label += escapeText(bytes.toString('utf8', at, end));
    if (end < bytes.length) label += hexEscape(bytes[end] ?? 0);
    at = end + 1;
  }
  return label;
}

/** Where the run of valid UTF-8 that starts at `at` ends. */
function validUntil(bytes: Buffer, at: number): number {
  for (let end = at; ;) {
    const length = end < bytes.length ? sequenceLength(bytes, end) : 0;
    if (length === 0) return end;
    end += length;
  }
}

/** Length in bytes of the valid UTF-8 sequence that starts at `at`, 0 when there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const lead = bytes[at] ?? 0;
  const length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (length < 2) return length;
  const piece = bytes.subarray(at, at + length);
  return Buffer.from(piece.toString('utf8'), 'utf8').equals(piece) ? length : 0;
}

/** What a label, and what is typed like one, writes for bytes. */
export const escapes = /\\(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\}|([\\nrt]))/gu;

/** Reads back what `labelOfBytes` wrote; undefined when a backslash starts no known escape, or half a surrogate pair stands alone. */
export function bytesOfLabel(label: string): Buffer | undefined {
  if (label === emptyName) return Buffer.alloc(0);
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

/** The bytes of one match of `escapes`; undefined for a number that is no character. */
export function bytesOfEscape([, hex, unicode, letter]: RegExpExecArray): Buffer | undefined {
  if (hex !== undefined) return Buffer.from(hex, 'hex');
  if (unicode !== undefined) {
    const point = Number.parseInt(unicode, 16);
    const isSurrogate = point >= 0xd800 && point <= 0xdfff;
    return point <= 0x10ffff && !isSurrogate ? Buffer.from(String.fromCodePoint(point), 'utf8') : undefined;
  }
  const plain: Record<string, string> = { n: '\n', r: '\r', t: '\t' };
  return Buffer.from(plain[letter ?? ''] ?? '\\', 'utf8');
}
