import type { ComponentChild, RefObject } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { moveActiveRow, windowOf } from './gridKeys';

/** Every row is this high, pixels: what makes a window of 100,000 rows cheap. */
const rowHeight = 24;

export interface Column<Row> {
  readonly title: string;
  /** A track of a CSS grid, such as `minmax(80px, 1fr)`. */
  readonly width: string;
  readonly numeric?: boolean;
  readonly draw: (row: Row) => ComponentChild;
}

interface GridProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Key of the row shown beside the grid. */
  readonly chosen: string | undefined;
  readonly onChoose: (row: Row) => void;
  /** Rows there are in all; without it, those that are loaded. */
  readonly total?: number;
  /** A last row that asks for more; undefined when all is read. */
  readonly more?: { readonly label: string; readonly busy: boolean; readonly load: () => void } | undefined;
  readonly emptyText: string;
}

/** A virtual table: only what is in view is in the page. Arrows, Home, End and Page keys move; Enter or a click chooses. */
export function Grid<Row>(props: GridProps<Row>) {
  const { rows, columns, more } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const view = useViewport(scroller);
  const [active, setActive] = useState(0);
  const count = rows.length + (more ? 1 : 0);
  const current = Math.min(active, Math.max(0, count - 1));
  const [first, end] = windowOf(view.top, view.height, rowHeight, count);

  const choose = (at: number): void => {
    setActive(at);
    const row = rows[at];
    if (row !== undefined) props.onChoose(row);
    else if (more && !more.busy) more.load();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const chooses = event.key === 'Enter' || event.key === ' ';
    const page = Math.max(1, Math.floor(view.height / rowHeight) - 2);
    const next = chooses ? current : moveActiveRow(event.key, current, count - 1, page);
    if (next === undefined) return;
    event.preventDefault();
    if (chooses) return choose(current);
    setActive(next);
    scrollToRow(scroller, next);
  };
  const template = { gridTemplateColumns: columns.map((column) => column.width).join(' ') };
  return (
    <div
      ref={scroller}
      class="grid"
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={(props.total ?? rows.length) + 1}
      aria-colcount={columns.length}
      {...(current >= first && current < end ? { 'aria-activedescendant': `${id}-${current}` } : {})}
      onKeyDown={onKeyDown}
    >
      <GridHead columns={columns} template={template} />
      {count === 0 ? <GridEmpty text={props.emptyText} /> : null}
      <div class="grid-body" role="rowgroup" style={{ height: `${count * rowHeight}px` }}>
        {Array.from({ length: end - first }, (_, offset) => first + offset).map((at) => (
          <GridRow
            key={at}
            id={`${id}-${at}`}
            at={at}
            active={at === current}
            grid={props}
            template={template}
            onClick={() => choose(at)}
          />
        ))}
      </div>
    </div>
  );
}

interface Template {
  [property: string]: string;
  gridTemplateColumns: string;
}

function GridHead<Row>({
  columns,
  template,
}: Pick<GridProps<Row>, 'columns'> & { readonly template: Template }) {
  return (
    <div class="grid-head" role="row" aria-rowindex={1} style={template}>
      {columns.map((column) => (
        <span key={column.title} role="columnheader" class={column.numeric ? 'numeric' : ''}>
          {column.title}
        </span>
      ))}
    </div>
  );
}

function GridEmpty({ text }: { readonly text: string }) {
  return (
    <div role="row">
      <span role="gridcell" class="grid-empty">
        {text}
      </span>
    </div>
  );
}

interface GridRowProps<Row> {
  readonly id: string;
  readonly at: number;
  readonly active: boolean;
  readonly grid: GridProps<Row>;
  readonly template: Template;
  readonly onClick: () => void;
}

function GridRow<Row>({ id, at, active, grid, template, onClick }: GridRowProps<Row>) {
  const row = grid.rows[at];
  const chosen = row !== undefined && grid.keyOf(row) === grid.chosen;
  const place = { top: `${at * rowHeight}px` };
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={at + 2}
      aria-selected={chosen}
      class={`grid-row${active ? ' active' : ''}${chosen ? ' chosen' : ''}${row === undefined ? ' grid-more' : ''}`}
      style={row === undefined ? place : { ...template, ...place }}
      onClick={onClick}
    >
      {row === undefined ? (
        <span role="gridcell" aria-colspan={grid.columns.length}>
          {grid.more?.label}
        </span>
      ) : (
        grid.columns.map((column) => (
          <span key={column.title} role="gridcell" class={column.numeric ? 'numeric' : ''}>
            {column.draw(row)}
          </span>
        ))
      )}
    </div>
  );
}

/** What is scrolled into view; changes with scrolling and size. */
function useViewport(scroller: RefObject<HTMLDivElement | null>): {
  readonly top: number;
  readonly height: number;
} {
  const [view, setView] = useState({ top: 0, height: 0 });
  const measure = (): void => {
    const element = scroller.current;
    if (element) setView({ top: element.scrollTop, height: element.clientHeight });
  };
  useLayoutEffect(measure, []);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);
  return view;
}

/** Scrolls just enough to show a row; the head covers the first line of the scroller. */
function scrollToRow({ current }: RefObject<HTMLDivElement | null>, at: number): void {
  if (!current) return;
  const top = at * rowHeight;
  const room = current.clientHeight - 2 * rowHeight;
  if (top < current.scrollTop) current.scrollTop = top;
  else if (top > current.scrollTop + room) current.scrollTop = top - room;
}
