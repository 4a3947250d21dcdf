import type { ElementEdits } from '../../src/engine/connections/elementEdits';
import { sameScore } from '../../src/engine/values/scoreText';
import { editedList, fittingListEdits } from './listModel';
import type { SeededRandom } from './random';

/** The types whose elements can be edited. */
export const elementTypes = ['hash', 'list', 'set', 'zset'] as const;

export type ElementType = (typeof elementTypes)[number];

/** A value as a test sees it; names are bytes as latin1 text. */
export type Content =
  | { readonly type: 'hash'; readonly of: ReadonlyMap<string, Buffer> }
  | { readonly type: 'zset'; readonly of: ReadonlyMap<string, string> }
  | { readonly type: 'set'; readonly of: ReadonlyMap<string, true> }
  | { readonly type: 'list'; readonly of: readonly Buffer[] };

/** Whether nothing is left, so that the server has no such key. */
export function isEmpty({ of }: Content): boolean {
  return (Array.isArray(of) ? of.length : (of as ReadonlyMap<string, unknown>).size) === 0;
}

/** What edits make of a value, one after the other; undefined when one of them does not fit. */
export function editedContent(content: Content, edits: ElementEdits): Content | undefined {
  if (content.type === 'list' && edits.type === 'list') {
    const of = editedList(content.of, edits.edits);
    return of && { type: 'list', of };
  }
  if (content.type === 'hash' && edits.type === 'hash') {
    const named = edits.edits.map((edit) => ({ ...edit, name: edit.field }));
    const of = editedMap(content.of, named, (a, b) => a.equals(b));
    return of && { type: 'hash', of };
  }
  if (content.type === 'zset' && edits.type === 'zset') {
    const named = edits.edits.map((edit) => ({ ...edit, name: edit.member }));
    const of = editedMap(content.of, named, sameScore);
    return of && { type: 'zset', of };
  }
  if (content.type !== 'set' || edits.type !== 'set') return undefined;
  const named = edits.edits.map(({ member, before, after }) => ({
    name: member,
    ...(before && { before }),
    ...(after && { after }),
  }));
  const of = editedMap(content.of, named, () => true);
  return of && { type: 'set', of };
}

function editedMap<T>(
  of: ReadonlyMap<string, T>,
  edits: readonly { name: Buffer; before?: T; after?: T }[],
  same: (a: T, b: T) => boolean,
): Map<string, T> | undefined {
  const now = new Map(of);
  for (const { name, before, after } of edits) {
    const there = now.get(name.toString('latin1'));
    const fits = there === undefined || before === undefined ? there === before : same(there, before);
    if (!fits) return undefined;
    if (after === undefined) now.delete(name.toString('latin1'));
    else now.set(name.toString('latin1'), after);
  }
  return now;
}

const scores = ['0', '1', '-1.5', 'inf', '-inf', '3.0000000000000004', '1e300', '-2.5e-300'];

/** Bytes of any kind: empty, one of few (so that they repeat), binary, now and then 100 KiB. */
export function randomElement(random: SeededRandom): Buffer {
  const dice = random.below(40);
  if (dice === 0) return Buffer.alloc(100 * 1024, random.below(256));
  if (dice < 4) return Buffer.alloc(0);
  return dice < 20 ? Buffer.from(random.pick(['a', 'b', 'c'])) : random.bytes(1 + random.below(20));
}

/** A value of up to a dozen elements. */
export function randomContent(random: SeededRandom, type: ElementType): Content {
  const elements = Array.from({ length: 1 + random.below(12) }, () => randomElement(random));
  const names = elements.map((element) => element.toString('latin1'));
  switch (type) {
    case 'list':
      return { type, of: elements };
    case 'hash':
      return { type, of: new Map(names.map((name) => [name, randomElement(random)])) };
    case 'set':
      return { type, of: new Map(names.map((name) => [name, true])) };
    case 'zset':
      return { type, of: new Map(names.map((name) => [name, random.pick(scores)])) };
  }
}

/** Edits that fit a value, some of them adding, changing and taking away what others have touched. */
export function fittingEdits(random: SeededRandom, content: Content, count: number): ElementEdits {
  if (content.type === 'list')
    return { type: 'list', edits: fittingListEdits(random, content.of, count, () => randomElement(random)) };
  let edits: ElementEdits = { type: content.type, edits: [] };
  for (let i = 0; i < count; i++) {
    const now = editedContent(content, edits) ?? content;
    edits = withAnother(random, now, edits);
  }
  return edits;
}

function withAnother(random: SeededRandom, now: Content, edits: ElementEdits): ElementEdits {
  const names = [...now.of.keys()].map(String);
  const known = names.length > 0 && random.chance(0.7);
  const name = known ? random.pick(names) : randomElement(random).toString('latin1');
  const bytes = Buffer.from(name, 'latin1');
  const stays = random.chance(0.6);
  if (now.type === 'hash' && edits.type === 'hash') {
    const sides = sidesOf(now.of.get(name), stays ? randomElement(random) : undefined);
    return { type: 'hash', edits: [...edits.edits, { field: bytes, ...sides }] };
  }
  if (now.type === 'zset' && edits.type === 'zset') {
    const sides = sidesOf(now.of.get(name), stays ? random.pick(scores) : undefined);
    return { type: 'zset', edits: [...edits.edits, { member: bytes, ...sides }] };
  }
  if (now.type !== 'set' || edits.type !== 'set') throw new Error('The edits are of another type');
  return { type: 'set', edits: [...edits.edits, { member: bytes, before: now.of.has(name), after: stays }] };
}

function sidesOf<T>(before: T | undefined, after: T | undefined): { before?: T; after?: T } {
  return { ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}
