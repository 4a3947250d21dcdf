import { Buffer } from 'node:buffer';
import { keyName, type KeyName } from '../kernel/keyName';
import { bytesOfEscape, bytesOfLabel, escapes } from './keyLabel';

/** A literal name as a glob that matches only it: `* ? [ ] \` and `^ -` lose their meaning. */
export function escapeGlob(name: KeyName): KeyName {
  return name.replace(/[*?[\]\\]/g, '\\$&') as KeyName;
}

/**
 * What a person typed in a search box as a glob: a word without wildcards is looked for anywhere in the name. Escapes of
 * labels (`\xff`, `\n`, `\\`) stand for their bytes; before another character a backslash takes the meaning of a
 * wildcard from it, or in a word is itself.
 */
export function globOfSearch(text: string): KeyName {
  const isWord = !/[*?[]/.test(text.replace(escapes, ''));
  let glob = '';
  let at = 0;
  const plain = (part: string): void => {
    const bytes = keyName(Buffer.from(part, 'utf8'));
    glob += isWord ? escapeGlob(bytes) : bytes;
  };
  for (const match of text.matchAll(escapes)) {
    plain(text.slice(at, match.index));
    const escaped = bytesOfEscape(match);
    if (escaped) glob += escapeGlob(keyName(escaped));
    else plain(match[0]);
    at = match.index + match[0].length;
  }
  plain(text.slice(at));
  return (isWord ? `*${glob}*` : glob) as KeyName;
}

/** What a person typed to find bytes in a value: text as it is, unless it writes bytes as `\xff` or `\u{202e}` like a label. */
export function bytesOfSearch(text: string): Buffer {
  const bytes = /\\(?:x[0-9a-f]{2}|u\{)/i.test(text) ? bytesOfLabel(text) : undefined;
  return bytes ?? Buffer.from(text, 'utf8');
}

/**
 * Whether `name` matches a glob by the rules of Redis: `*`, `?`, `[abc]`, `[^a-c]`, `\x`. Byte for byte, in time
 * proportional to the lengths: only the last star is ever tried again.
 */
export function matchesGlob(glob: KeyName, name: KeyName): boolean {
  let at = 0;
  let from = 0;
  let star = -1;
  let starName = 0;
  while (from < name.length) {
    if (glob[at] === '*') {
      star = at++;
      starName = from;
      continue;
    }
    const length = at < glob.length ? matchOne(glob, at, name.charCodeAt(from)) : 0;
    if (length > 0) {
      at += length;
      from++;
    } else if (star >= 0) {
      at = star + 1;
      from = ++starName;
    } else return false;
  }
  while (glob[at] === '*') at++;
  return at === glob.length;
}

/** Length of the glob element at `at` when it matches `byte`, else 0. */
function matchOne(glob: string, at: number, byte: number): number {
  const character = glob[at];
  if (character === '?') return 1;
  if (character === '[') return matchClass(glob, at, byte);
  if (character === '\\' && at + 1 < glob.length) return glob.charCodeAt(at + 1) === byte ? 2 : 0;
  return glob.charCodeAt(at) === byte ? 1 : 0;
}

function matchClass(glob: string, start: number, byte: number): number {
  const negated = glob[start + 1] === '^';
  let at = start + (negated ? 2 : 1);
  let found = false;
  for (; at < glob.length && glob[at] !== ']'; at++) {
    const isEscaped = glob[at] === '\\' && at + 1 < glob.length;
    if (isEscaped) at++;
    const low = glob.charCodeAt(at);
    const isRange = !isEscaped && glob[at + 1] === '-' && at + 2 < glob.length;
    const high = isRange ? glob.charCodeAt(at + 2) : low;
    if (isRange) at += 2;
    if (byte >= Math.min(low, high) && byte <= Math.max(low, high)) found = true;
  }
  // a class that is never closed ends with the glob
  return found === negated ? 0 : Math.min(at + 1, glob.length) - start;
}
