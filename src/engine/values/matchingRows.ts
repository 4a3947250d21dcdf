import { Buffer } from 'node:buffer';
import type { Cell, ValuePage } from '../connections/valuePage';
import { cellBytes } from '../keys/openValue';
import type { ByteFinder } from './findBytes';

/** Kinds of values that are read in rows. */
export type RowsPage = Extract<ValuePage, { kind: 'hash' | 'list' | 'set' | 'zset' | 'stream' }>;

/** The page with the rows alone in which a name or a value has the bytes; values cut as in any page. */
export function matchingRows(page: RowsPage, finder: ByteFinder): RowsPage {
  const has = (...cells: Cell[]): boolean => cells.some(({ bytes }) => finder.isIn(bytes));
  switch (page.kind) {
    case 'hash': {
      const found = page.rows.filter(({ field, value }) => has(field, value));
      return { ...page, rows: found.map((row) => ({ ...row, value: cut(row.value) })) };
    }
    case 'list': {
      const found = page.rows.filter(({ value }) => has(value));
      return { ...page, rows: found.map((row) => ({ ...row, value: cut(row.value) })) };
    }
    case 'set':
      return { ...page, rows: page.rows.filter(({ member }) => has(member)) };
    case 'zset': {
      const isFound = (score: string): boolean => finder.isIn(Buffer.from(score));
      return { ...page, rows: page.rows.filter(({ member, score }) => has(member) || isFound(score)) };
    }
    case 'stream': {
      const found = page.rows.filter(
        ({ id, fields }) =>
          finder.isIn(Buffer.from(id)) || fields.some(({ name, value }) => has(name, value)),
      );
      return { ...page, rows: found.map(({ id, fields }) => ({ id, fields: fields.map(cutField) })) };
    }
  }
}

function cutField({ name, value }: { name: Cell; value: Cell }): { name: Cell; value: Cell } {
  return { name: cut(name), value: cut(value) };
}

/** Copied, so that what was cut off can be let go. */
function cut({ bytes, size }: Cell): Cell {
  return { bytes: bytes.length > cellBytes ? Buffer.from(bytes.subarray(0, cellBytes)) : bytes, size };
}
