import type { Buffer } from 'node:buffer';
import type { ReadRequest, ValuePage } from '../connections/valuePage';

/** The last element of a page whose rows go by position; undefined for any other. */
export function lastByPosition(page: ValuePage): Buffer | undefined {
  if (page.kind === 'list') return page.rows.at(-1)?.value.bytes;
  return page.kind === 'zset' ? page.rows.at(-1)?.member.bytes : undefined;
}

/** The same request, from one position before. */
export function fromOneBefore(request: ReadRequest): ReadRequest {
  return { ...request, limit: request.limit + 1, cursor: String(Number(request.cursor) - 1) };
}

/** The page without its first row; undefined unless that is the element which the page before ended with. */
export function withoutOverlap(page: ValuePage, last: Buffer): ValuePage | undefined {
  if (page.kind === 'list' && page.rows[0]?.value.bytes.equals(last))
    return { ...page, rows: page.rows.slice(1) };
  if (page.kind === 'zset' && page.rows[0]?.member.bytes.equals(last))
    return { ...page, rows: page.rows.slice(1) };
  return undefined;
}
