import type { Column, Template } from './gridColumns';

/** Every row is this high, pixels: what makes a window of 100,000 rows cheap. */
export const rowHeight = 24;

interface GridRowProps<Row> {
  readonly id: string;
  readonly at: number;
  readonly row: Row;
  readonly columns: readonly Column<Row>[];
  readonly template: Template;
  /** The keyboard is here. */
  readonly active: boolean;
  readonly selected: boolean;
  /** Shown beside the grid. */
  readonly chosen: boolean;
  readonly onClick: (event: MouseEvent) => void;
}

/** One row of a grid. */
export function GridRow<Row>({
  id,
  at,
  row,
  columns,
  template,
  active,
  selected,
  chosen,
  onClick,
}: GridRowProps<Row>) {
  const states = [active && 'active', selected && 'selected', chosen && 'chosen'].filter(Boolean);
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={at + 2}
      aria-selected={selected}
      class={['grid-row', ...states].join(' ')}
      style={{ ...template, ...placeOf(at) }}
      onClick={onClick}
    >
      {columns.map((column) => (
        <span key={column.id} role="gridcell" class={column.numeric ? 'numeric' : ''}>
          {column.draw(row)}
        </span>
      ))}
    </div>
  );
}

interface MoreRowProps {
  readonly id: string;
  readonly at: number;
  readonly active: boolean;
  readonly columns: number;
  readonly label: string;
  readonly onClick: () => void;
}

/** The last row, which asks for more. */
export function MoreRow({ id, at, active, columns, label, onClick }: MoreRowProps) {
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={at + 2}
      class={`grid-row grid-more${active ? ' active' : ''}`}
      style={placeOf(at)}
      onClick={onClick}
    >
      <span role="gridcell" aria-colspan={columns}>
        {label}
      </span>
    </div>
  );
}

function placeOf(at: number): { readonly top: string } {
  return { top: `${at * rowHeight}px` };
}
