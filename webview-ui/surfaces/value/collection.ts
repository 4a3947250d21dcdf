import type { PlainRow } from './rowsText';
import type { ComponentChild } from 'preact';
import type { ChangeDto } from '../../../src/protocol/valueChange';
import type { Column } from '../../components/gridColumns';
import type { Cell } from './page';
import type { ValueModel } from './valueModel';

/** What tells the rows of one kind of collection apart from another's. */
export interface Collection<Row> {
  readonly label: () => string;
  readonly findLabel: () => string;
  readonly columns: (model: ValueModel, rows: readonly Row[]) => Column<Row>[];
  readonly keyOf: (row: Row) => string;
  /** What the find box looks in. */
  readonly searched: (row: Row) => readonly Cell[];
  /** The words on the button that adds. */
  readonly addLabel: () => string;
  /** Takes rows away. */
  readonly removal: (rows: readonly Row[], model: ValueModel) => ChangeDto;
  /** A row as JSON of its cells and as columns of CSV; bytes that are no text are escaped. */
  readonly plain: (row: Row) => PlainRow;
  /** Whether the server keeps an order that can be read from the other end. */
  readonly reversible?: boolean;
  /** What "go to" asks for: a position; undefined where rows have none. */
  readonly position?: () => string;
  /** The row beside the grid. */
  readonly detail: (row: Row, model: ValueModel) => ComponentChild;
  /** What stands beside the grid while an element is added. */
  readonly adding: (model: ValueModel) => ComponentChild;
  /** The chosen key when it is not among the rows: a draft of a row that is not loaded. */
  readonly absent?: (key: string, model: ValueModel) => ComponentChild;
}
