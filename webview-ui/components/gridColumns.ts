import { signal } from '@preact/signals';
import type { ComponentChild } from 'preact';

export interface Column<Row> {
  /** Names the column where its width is kept. */
  readonly id: string;
  readonly title: string;
  /** A track of a CSS grid, such as `minmax(80px, 1fr)`, until the person sets a width. */
  readonly width: string;
  readonly numeric?: boolean;
  readonly draw: (row: Row) => ComponentChild;
}

/** Pixels by column id, as the person set them. */
export const columnWidths = signal<Readonly<Record<string, number>>>({});

const narrowest = 48;
const widest = 1200;

/** Sets the width of a column, pixels. */
export function setColumnWidth(id: string, width: number): void {
  const kept = Math.round(Math.min(widest, Math.max(narrowest, width)));
  columnWidths.value = { ...columnWidths.value, [id]: kept };
}

/** Widths kept by an earlier page; what is no width is left out. */
export function restoreColumnWidths(kept: unknown): void {
  if (typeof kept !== 'object' || kept === null) return;
  for (const [id, width] of Object.entries(kept))
    if (typeof width === 'number' && Number.isFinite(width)) setColumnWidth(id, width);
}

/** Style that lays out a row. */
export interface Template {
  [property: string]: string;
  gridTemplateColumns: string;
}

/** The tracks of these columns. */
export function templateOf<Row>(columns: readonly Column<Row>[]): Template {
  const widths = columnWidths.value;
  const tracks = columns.map(({ id, width }) => (widths[id] === undefined ? width : `${widths[id]}px`));
  return { gridTemplateColumns: tracks.join(' ') };
}
