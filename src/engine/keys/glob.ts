import { keyName, type KeyName } from '../kernel/keyName';

/** A literal name as a glob that matches only it: `* ? [ ] \` and `^ -` lose their meaning. */
export function escapeGlob(name: KeyName): KeyName {
  return name.replace(/[*?[\]\\]/g, '\\$&') as KeyName;
}

/** What a person typed in a search box as a glob: a word without wildcards is looked for anywhere in the name. */
export function globOfSearch(text: string): KeyName {
  const bytes = keyName(Buffer.from(text, 'utf8'));
  return (/[*?[]/.test(bytes) ? bytes : `*${escapeGlob(bytes)}*`) as KeyName;
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
