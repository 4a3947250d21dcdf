import type { HashPartEntry, StreamPartEntry, ValuePart } from '../connections/valuePart';

/** Bytes of a value that are held and written at a time: with base64 around them they stay below 1 MiB. */
export const partBytes = 512 * 1024;

/** The same value in pieces of about `most` bytes each. An element is never cut. */
export function* splitPart(part: ValuePart, most: number): Iterable<ValuePart> {
  if ('bytes' in part) {
    for (let at = 0; at === 0 || at < part.bytes.length; at += most)
      yield { ...part, bytes: part.bytes.subarray(at, at + most) };
  } else if (part.kind === 'streamState' || part.kind === 'pending') yield part;
  else yield* splitElements(part, most);
}

type Elements = Extract<ValuePart, { kind: 'hash' | 'list' | 'set' | 'zset' | 'stream' }>;

function* splitElements(part: Elements, most: number): Iterable<ValuePart> {
  switch (part.kind) {
    case 'hash':
      for (const entries of grouped(part.entries, sizeOfEntry, most)) yield { ...part, entries };
      break;
    case 'list':
    case 'set':
      for (const elements of grouped(part.elements, ({ length }) => length, most))
        yield { ...part, elements };
      break;
    case 'zset':
      for (const members of grouped(part.members, ([member]) => member.length, most))
        yield { ...part, members };
      break;
    case 'stream':
      for (const entries of grouped(part.entries, sizeOfStreamEntry, most)) yield { ...part, entries };
  }
}

function sizeOfEntry({ field, value }: HashPartEntry): number {
  return field.length + value.length;
}

function sizeOfStreamEntry({ fields }: StreamPartEntry): number {
  return fields.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
}

/** What an element costs beside its bytes. */
const elementOverhead = 32;

function* grouped<T>(items: readonly T[], sizeOf: (item: T) => number, most: number): Iterable<readonly T[]> {
  let group: T[] = [];
  let size = 0;
  for (const item of items) {
    const own = sizeOf(item) + elementOverhead;
    if (group.length > 0 && size + own > most) {
      yield group;
      group = [];
      size = 0;
    }
    group.push(item);
    size += own;
  }
  if (group.length > 0) yield group;
}
