import { useId, useRef } from 'preact/hooks';
import { type Template, templateOf } from './gridColumns';
import type { GridProps } from './gridProps';
import { GridHead } from './gridHead';
import { windowOf } from './gridKeys';
import { GridRow, MoreRow, rowHeight } from './gridRow';
import { howOf, type SelectHow } from './gridSelection';
import { useGridKeys } from './useGridKeys';
import { useViewport } from './viewport';

/**
 * A virtual table: only what is in view is in the page. Arrows, Home, End and Page keys move, with Shift they
 * select; Enter or a click chooses, Space and Ctrl+click add to the selection, Ctrl+A selects all that is loaded.
 */
export function Grid<Row>(props: GridProps<Row>) {
  const { rows, columns, more } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const view = useViewport(scroller);
  const count = rows.length + (more ? 1 : 0);
  const { current, choose, onKeyDown } = useGridKeys(props, count, view, scroller);
  const [first, end] = windowOf(view.top, view.height, rowHeight, count);
  const template = templateOf(columns);
  return (
    <div
      ref={scroller}
      class="grid"
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-multiselectable={props.onSelect !== undefined}
      aria-rowcount={(props.total ?? rows.length) + 1}
      aria-colcount={columns.length}
      {...(current >= first && current < end ? { 'aria-activedescendant': `${id}-${current}` } : {})}
      onKeyDown={onKeyDown}
    >
      <GridHead columns={columns} template={template} />
      {count === 0 ? <GridEmpty text={props.emptyText} /> : null}
      <div class="grid-body" role="rowgroup" style={{ height: `${count * rowHeight}px` }}>
        <GridRows
          grid={props}
          id={id}
          first={first}
          end={end}
          current={current}
          template={template}
          choose={choose}
        />
        {more && end > rows.length ? (
          <MoreRow
            id={`${id}-${rows.length}`}
            at={rows.length}
            active={current === rows.length}
            columns={columns.length}
            label={more.label}
            onClick={() => choose(rows.length, 'only')}
          />
        ) : null}
      </div>
    </div>
  );
}

interface GridRowsProps<Row> {
  readonly grid: GridProps<Row>;
  readonly id: string;
  readonly first: number;
  readonly end: number;
  readonly current: number;
  readonly template: Template;
  readonly choose: (at: number, how: SelectHow) => void;
}

function GridRows<Row>({ grid, id, first, end, current, template, choose }: GridRowsProps<Row>) {
  return (
    <>
      {grid.rows.slice(first, end).map((row, offset) => {
        const at = first + offset;
        const key = grid.keyOf(row);
        return (
          <GridRow
            key={at}
            id={`${id}-${at}`}
            at={at}
            row={row}
            columns={grid.columns}
            template={template}
            active={at === current}
            selected={grid.selection?.keys.has(key) ?? false}
            chosen={key === grid.chosen}
            onClick={(event) => choose(at, howOf(event))}
          />
        );
      })}
    </>
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
