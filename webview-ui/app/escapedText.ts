import { bytesOfText, joinBytes, textOfBytes } from './bytes';
import { t } from './l10n';

/** What is drawn as nothing, as a space, as an empty box, or as part of its neighbour: as in the label of a key. */
const unsafe =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff\\]|(?! )\p{Zs}/u;
const eachUnsafe = new RegExp(unsafe.source, 'gu');
/** A character with the marks that are drawn on it, or marks on nothing. */
const cluster = /\P{M}\p{M}*|\p{M}+/gu;
/** A space at an end or after another one. */
const straySpace = /^ |(?<= ) | $/g;
/** Text in which nothing needs a look. */
const plain = /^(?:[!-[\]-~]+ )*[!-[\]-~]+$/;

/** Stands for a name without bytes, as in the label of a key. */
const emptyName = String.raw`\(empty)`;

/** What an editor of plain text would hide or turn around; line feed, tab, backslash and parts of emoji it shows as they are. */
const surprising =
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffb]/u;

/** The text, when an ordinary text area can edit these bytes and give back the same ones; else undefined. */
export function plainTextOf(bytes: Uint8Array): string | undefined {
  const text = textOfBytes(bytes);
  return text === undefined || surprising.test(text) ? undefined : text;
}

/**
 * Any bytes as text that `parseEscaped` reads back: valid printable UTF-8 as it is, everything else as
 * `\xff`, `\u{202e}`, `\n`, `\r`, `\t`, a backslash as `\\`. `keepLines` is for text that is edited: line feeds, tabs,
 * spaces and marks stay real; without it no two names look alike.
 */
export function escapeBytes(bytes: Uint8Array, { keepLines = false } = {}): string {
  const text = textOfBytes(bytes);
  if (text !== undefined && plain.test(text)) return text;
  const escape = keepLines ? escapeEditable : escapeText;
  const label = text === undefined ? escapeMixed(bytes, escape) : escape(text);
  return keepLines ? label : label.replace(straySpace, String.raw`\x20`);
}

/** The name of an element where it is shown: one without bytes has a word, too. */
export function nameOfBytes(bytes: Uint8Array): string {
  return escapeBytes(bytes) || emptyName;
}

function escapeEditable(text: string): string {
  return text.replace(eachUnsafe, escapeInLines);
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

function escapeInLines(character: string): string {
  return character === '\n' || character === '\t' ? character : escapeCharacter(character);
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

function escapeMixed(bytes: Uint8Array, escape: (text: string) => string): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = validUntil(bytes, at);
    if (end > at) parts.push(escape(textOfBytes(bytes.subarray(at, end)) ?? ''));
    if (end < bytes.length) parts.push(hexEscape(bytes[end] ?? 0));
    at = end + 1;
  }
  return parts.join('');
}

/** Where the run of valid UTF-8 that starts at `at` ends. */
function validUntil(bytes: Uint8Array, at: number): number {
  for (let end = at; ;) {
    const length = sequenceLength(bytes, end);
    if (length === 0) return end;
    end += length;
  }
}

/** Length in bytes of the valid UTF-8 sequence that starts at `at`, 0 when there is none (RFC 3629, section 4). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at];
  if (lead === undefined) return 0;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const [low, high] = secondByteRange(lead);
  const second = bytes[at + 1] ?? 0;
  if (second < low || second > high) return 0;
  for (let next = at + 2; next < at + length; next++) if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

/** Overlong forms, surrogates and code points past U+10FFFF show in the second byte. */
function secondByteRange(lead: number): readonly [number, number] {
  if (lead === 0xe0) return [0xa0, 0xbf];
  if (lead === 0xed) return [0x80, 0x9f];
  if (lead === 0xf0) return [0x90, 0xbf];
  if (lead === 0xf4) return [0x80, 0x8f];
  return [0x80, 0xbf];
}

/** What text stands for: bytes, or where and why it stands for none. */
export type Parsed = { readonly bytes: Uint8Array } | { readonly at: number; readonly problem: string };

const escapes = /\\(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\}|([\\nrt]))/y;

/** Reads back what `escapeBytes` wrote; `at` is the offset in characters of what cannot be read. */
export function parseEscaped(text: string): Parsed {
  if (text === emptyName) return { bytes: new Uint8Array() };
  const parts: Uint8Array[] = [];
  for (let at = 0; at < text.length;) {
    const next = text.indexOf('\\', at);
    const end = next === -1 ? text.length : next;
    const plain = parsePlain(text.slice(at, end));
    if (!('bytes' in plain)) return { ...plain, at: at + plain.at };
    parts.push(plain.bytes);
    if (next === -1) break;
    const piece = parseEscape(text, end);
    if (!('bytes' in piece)) return piece;
    parts.push(piece.bytes);
    at = escapes.lastIndex;
  }
  return { bytes: concat(parts) };
}

function parseEscape(text: string, at: number): Parsed {
  escapes.lastIndex = at;
  const match = escapes.exec(text);
  if (!match) return { at, problem: unknownEscape(text, at) };
  const [, hex, unicode, letter] = match;
  if (hex !== undefined) return { bytes: Uint8Array.of(Number.parseInt(hex, 16)) };
  if (unicode !== undefined) return parseCodePoint(Number.parseInt(unicode, 16), at);
  return { bytes: bytesOfText(letter === 'n' ? '\n' : letter === 'r' ? '\r' : letter === 't' ? '\t' : '\\') };
}

function unknownEscape(text: string, at: number): string {
  const seen = text.slice(at, at + 2);
  return t('{0} is no escape. Write \\\\ for a backslash, or one of \\xNN, \\u{…}, \\n, \\r, \\t.', seen);
}

function parseCodePoint(code: number, at: number): Parsed {
  const surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code > 0x10ffff || surrogate) {
    return { at, problem: t('U+{0} is no character.', code.toString(16).toUpperCase()) };
  }
  return { bytes: bytesOfText(String.fromCodePoint(code)) };
}

/** UTF-8 of text as it is; half of a surrogate pair has none. */
export function parsePlain(text: string): Parsed {
  const at = text.search(/\p{Surrogate}/u);
  if (at !== -1) return { at, problem: t('Half of a surrogate pair is no character.') };
  return { bytes: bytesOfText(text) };
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length <= 2) return joinBytes(parts[0] ?? new Uint8Array(), parts[1] ?? new Uint8Array());
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
