import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';

/** Every form in which a text could have been written: raw, quoted, in any alignment of base64, hex, URL, UTF-16. */
function formsOf(text: string): Buffer[] {
  const bytes = Buffer.from(text, 'utf8');
  const base64 = [0, 1, 2].map((shift) => {
    const shifted = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // the letters at both ends also hold bits of what stands around
    return shifted.slice(Math.ceil((shift * 4) / 3), -1);
  });
  const texts = [
    text,
    JSON.stringify(text).slice(1, -1),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    (bytes.toString('hex').match(/../g) ?? []).join(' '),
    encodeURIComponent(text),
    bytes.toString('latin1'),
    ...base64,
    ...base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')),
  ];
  return [...texts.map((form) => Buffer.from(form, 'utf8')), bytes, Buffer.from(text, 'utf16le')];
}

/** Looks for texts that must not be anywhere; gives what was found as `where: text`. */
export function tracesOf(
  canaries: readonly string[],
  haystacks: ReadonlyMap<string, Buffer | string>,
): string[] {
  const found = new Set<string>();
  for (const [where, content] of haystacks) {
    const bytes = Buffer.from(content);
    for (const canary of canaries)
      if (formsOf(canary).some((form) => bytes.includes(form))) found.add(`${where}: ${canary}`);
  }
  return [...found];
}

/** The contents of every file below a folder, by path. */
export function filesBelow(folder: string): Map<string, Buffer> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [path, readFileSync(path)]));
}

/** Everything an error could show: its texts, its own fields, hidden ones too, and its causes. */
export function inspected(thrown: unknown): string {
  const options = {
    depth: 10,
    showHidden: true,
    maxArrayLength: null,
    maxStringLength: null,
    getters: true,
  } as const;
  return `${inspect(thrown, options)}\n${JSON.stringify(thrown)}\n${String(thrown)}`;
}
