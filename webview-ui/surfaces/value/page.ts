import type { PageDto } from '../../../src/protocol/valuePage';

export type PageKind = PageDto['kind'];

/** Each kind of page by its name. */
export type PageByKind = { readonly [K in PageKind]: Extract<PageDto, { kind: K }> };

/** A piece of data as it was read: `bytes` is base64, shorter than `size` when the page cut it. */
export interface Cell {
  readonly bytes: string;
  readonly size: number;
  readonly digest?: string | undefined;
}

/** What was loaded joined with the page that follows it; a server may repeat rows, the newest wins. */
export function appendRows<
  Row,
  P extends { readonly rows: readonly Row[]; readonly cursor?: string | undefined },
>(loaded: P, next: P, keyOf: (row: Row) => string): P {
  const rows = new Map(loaded.rows.map((row) => [keyOf(row), row]));
  for (const row of next.rows) rows.set(keyOf(row), row);
  return { ...next, rows: [...rows.values()] };
}
