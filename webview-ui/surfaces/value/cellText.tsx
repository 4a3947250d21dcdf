import { bytesOfBase64, sizeOfBase64 } from '../../app/bytes';
import { escapeBytes, nameOfBytes } from '../../app/escapedText';
import type { Cell } from './page';

/** Longest text drawn in a row, characters: more is never in view and costs layout. */
const shown = 300;

const labels = new WeakMap<Cell, string>();

/** The cell on one line, escaped; computed once, and only for rows that are drawn or searched. */
export function cellLabel(cell: Cell): string {
  let label = labels.get(cell);
  if (label === undefined) {
    label = escapeBytes(bytesOfBase64(cell.bytes));
    labels.set(cell, label);
  }
  return label;
}

/** The cell's label where it is shown or read out: one without bytes has a word. */
export function cellName(cell: Cell): string {
  return cellLabel(cell) || nameOfBytes(bytesOfBase64(cell.bytes));
}

/** The start of the cell's label, for a row. */
export function CellText({ cell }: { readonly cell: Cell }) {
  const label = cellName(cell);
  const cut = label.length > shown || isCut(cell);
  // Direction is fixed, so that right-to-left text cannot reorder what stands beside it.
  return <bdi dir="ltr">{cut ? `${label.slice(0, shown)}…` : label}</bdi>;
}

/** Whether the page holds only the start of the cell. */
export function isCut(cell: Cell): boolean {
  return sizeOfBase64(cell.bytes) < cell.size;
}

/** What was seen of a cell, as a change carries it. */
export function seenCell(cell: Cell): {
  readonly before: string;
  readonly beforeSize?: number;
  readonly beforeDigest?: string;
} {
  const { bytes: before, size, digest } = cell;
  if (!isCut(cell)) return { before };
  return { before, beforeSize: size, ...(digest !== undefined && { beforeDigest: digest }) };
}
