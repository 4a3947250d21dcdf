/** Rows that are selected, and the row a range is counted from. */
export interface Selection {
  readonly keys: ReadonlySet<string>;
  readonly anchor: number;
}

/** Nothing selected. */
export const noSelection: Selection = { keys: new Set(), anchor: 0 };

/** What a click or a key means for the selection: this row only, this row too, all up to this row. */
export type SelectHow = 'only' | 'toggle' | 'range';

/** The selection after row `at` was clicked or reached; `keys` are those of all rows in order. */
export function select(selection: Selection, keys: readonly string[], at: number, how: SelectHow): Selection {
  const key = keys[at];
  if (key === undefined) return selection;
  if (how === 'only') return { keys: new Set([key]), anchor: at };
  if (how === 'toggle') return { keys: toggled(selection.keys, key), anchor: at };
  const [from, to] = [Math.min(selection.anchor, at), Math.max(selection.anchor, at)];
  return { keys: new Set(keys.slice(from, to + 1)), anchor: selection.anchor };
}

function toggled(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(keys);
  if (!next.delete(key)) next.add(key);
  return next;
}

/** How a click selects, by the keys held with it. */
export function howOf(event: Pick<MouseEvent, 'shiftKey' | 'ctrlKey' | 'metaKey'>): SelectHow {
  if (event.shiftKey) return 'range';
  return event.ctrlKey || event.metaKey ? 'toggle' : 'only';
}
