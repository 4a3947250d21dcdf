import type { RefObject } from 'preact';
import { useState } from 'preact/hooks';
import type { GridProps } from './gridProps';
import { moveActiveRow } from './gridKeys';
import { rowHeight } from './gridRow';
import { noSelection, select, type SelectHow, type Selection } from './gridSelection';
import type { Viewport } from './viewport';

/** Where the keyboard is in a grid, and what keys and clicks do there. */
interface GridKeys {
  /** Row the keyboard is on; the one after the last is the one that asks for more. */
  readonly current: number;
  readonly choose: (at: number, how: SelectHow) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** Follows keys and clicks; `count` is rows with the one that asks for more. */
export function useGridKeys<Row>(
  props: GridProps<Row>,
  count: number,
  view: Viewport,
  scroller: RefObject<HTMLDivElement | null>,
): GridKeys {
  const { rows, more, selection = noSelection } = props;
  const [active, setActive] = useState(0);
  const current = Math.min(active, Math.max(0, count - 1));
  const extend = (at: number, how: SelectHow): void =>
    props.onSelect?.(select(selection, rows.map(props.keyOf), at, how));
  const choose = (at: number, how: SelectHow): void => {
    setActive(at);
    const row = rows[at];
    if (row === undefined) return more && !more.busy ? more.load() : undefined;
    extend(at, how);
    if (how === 'only') props.onChoose(row);
  };
  const move = (to: number, selects: boolean): void => {
    setActive(to);
    scrollToRow(scroller, to);
    if (selects) extend(to, 'range');
  };
  const acts = actsOf(props, {
    choose: () => choose(current, 'only'),
    toggle: () => extend(current, 'toggle'),
    remove: () => removeMeant(props, selection, rows[current]),
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    const act = acts(event);
    const page = Math.max(1, Math.floor(view.height / rowHeight) - 2);
    const to = (act ?? hasModifier(event)) ? undefined : moveActiveRow(event.key, current, count - 1, page);
    if (!act && to === undefined) return;
    event.preventDefault();
    act?.();
    if (to !== undefined) move(to, event.shiftKey);
  };
  return { current, choose, onKeyDown };
}

function hasModifier({ ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return ctrlKey || metaKey || altKey;
}

interface RowActs {
  readonly choose: () => void;
  readonly toggle: () => void;
  readonly remove: () => void;
}

/** What a key does to rows, apart from moving; undefined: nothing. */
function actsOf<Row>(grid: GridProps<Row>, row: RowActs): (event: KeyboardEvent) => (() => void) | undefined {
  const all = (): void => grid.onSelect?.({ keys: new Set(grid.rows.map(grid.keyOf)), anchor: 0 });
  return (event) => {
    if (event.altKey || event.target !== event.currentTarget) return undefined;
    if (event.ctrlKey || event.metaKey) {
      const letter = event.key.toLowerCase();
      if (letter === 'a' && grid.onSelect) return all;
      return letter === 'c' ? grid.onCopy : undefined;
    }
    switch (event.key) {
      case 'Enter':
        return row.choose;
      case ' ':
        return grid.onSelect ? row.toggle : row.choose;
      case 'Delete':
      case 'Backspace':
        return grid.onDelete && row.remove;
      default:
        return undefined;
    }
  };
}

/** Removes what a key is about: what is selected, unless the keyboard has gone elsewhere. */
function removeMeant<Row>(
  { rows, keyOf, onDelete }: GridProps<Row>,
  { keys }: Selection,
  row: Row | undefined,
): void {
  if (row === undefined) return;
  onDelete?.(keys.has(keyOf(row)) ? rows.filter((each) => keys.has(keyOf(each))) : [row]);
}

/** Scrolls just enough to show a row; the head covers the first line of the scroller. */
function scrollToRow({ current }: RefObject<HTMLDivElement | null>, at: number): void {
  if (!current) return;
  const top = at * rowHeight;
  const room = current.clientHeight - 2 * rowHeight;
  if (top < current.scrollTop) current.scrollTop = top;
  else if (top > current.scrollTop + room) current.scrollTop = top - room;
}
