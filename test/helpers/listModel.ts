import type { ListEdit } from '../../src/engine/connections/elementEdits';
import type { SeededRandom } from './random';

/** What edits make of a list, one after the other; undefined when one of them does not fit. */
export function editedList(list: readonly Buffer[], edits: readonly ListEdit[]): Buffer[] | undefined {
  const now = [...list];
  for (const edit of edits) {
    const at = edit.index >= 0 ? edit.index : now.length + edit.index + (edit.before ? 0 : 1);
    if (!fits(edit, at, now)) return undefined;
    now.splice(at, edit.before ? 1 : 0, ...(edit.after ? [edit.after] : []));
  }
  return now;
}

function fits({ before, pivot }: ListEdit, at: number, now: readonly Buffer[]): boolean {
  const there = at < 0 ? undefined : now[at];
  if (before) return there?.equals(before) ?? false;
  if (at < 0 || at > now.length) return false;
  if (pivot === null) return there === undefined;
  return pivot === undefined || (there?.equals(pivot) ?? false);
}

/** Edits that fit the list, each made of what the ones before it leave. */
export function fittingListEdits(
  random: SeededRandom,
  list: readonly Buffer[],
  count: number,
  element: () => Buffer,
): ListEdit[] {
  const edits: ListEdit[] = [];
  for (let i = 0; i < count; i++) {
    const now = editedList(list, edits) ?? [];
    edits.push(fittingEdit(random, now, element));
  }
  return edits;
}

function fittingEdit(random: SeededRandom, now: readonly Buffer[], element: () => Buffer): ListEdit {
  const fromEnd = random.chance(0.3);
  if (now.length === 0 || random.chance(0.4)) {
    const at = random.below(now.length + 1);
    const pivot = random.chance(0.5) ? { pivot: now[at] ?? null } : {};
    return { index: fromEnd ? at - now.length - 1 : at, after: element(), ...pivot };
  }
  const at = random.below(now.length);
  const kept = random.chance(0.5) ? { after: element() } : {};
  const before = now[at];
  return { index: fromEnd ? at - now.length : at, ...(before && { before }), ...kept };
}
