import type { Column } from './gridColumns';
import type { Selection } from './gridSelection';

/** What a grid shows, and what it tells of clicks and keys. */
export interface GridProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Key of the row shown beside the grid. */
  readonly chosen: string | undefined;
  readonly onChoose: (row: Row) => void;
  readonly selection?: Selection;
  readonly onSelect?: (selection: Selection) => void;
  /** Delete and Backspace: on the selected rows when the keyboard is on one of them, else on the row it is on. */
  readonly onDelete?: ((rows: readonly Row[]) => void) | undefined;
  /** Ctrl+C or Cmd+C on the selected rows. */
  readonly onCopy?: () => void;
  /** Rows there are in all; without it, those that are loaded. */
  readonly total?: number;
  /** A last row that asks for more; undefined when all is read. */
  readonly more?: { readonly label: string; readonly busy: boolean; readonly load: () => void } | undefined;
  readonly emptyText: string;
}
