import type { ElementEditsDto } from './valueChange';

type ListEdits = Extract<ElementEditsDto, { type: 'list' }>['edits'];

/** Where an element of a list is after edits that follow one another; undefined when they take it away. */
export function movedIndex(edits: ListEdits, index: number): number | undefined {
  let at = index;
  for (const edit of edits) {
    const [was, stays] = [edit.before !== undefined, edit.after !== undefined];
    // what counts from the end is added behind every element
    if (was === stays || edit.index < 0 || edit.index > at) continue;
    if (was && edit.index === at) return undefined;
    at += stays ? 1 : -1;
  }
  return at;
}
