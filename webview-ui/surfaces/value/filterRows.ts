import { bytesOfBase64, textOfBytes } from '../../app/bytes';
import { cellLabel } from './cellText';
import type { Cell } from './page';

/** The rows in which the text occurs, as it is or as its label writes it, as far as they are loaded; all when there is none. */
export function filterRows<Row>(
  rows: readonly Row[],
  find: string,
  searched: (row: Row) => readonly Cell[],
): readonly Row[] {
  if (!find) return rows;
  const wanted = find.toLowerCase();
  return rows.filter((row) =>
    searched(row).some(
      (cell) =>
        cellLabel(cell).toLowerCase().includes(wanted) ||
        textOfBytes(bytesOfBase64(cell.bytes))?.toLowerCase().includes(wanted),
    ),
  );
}
