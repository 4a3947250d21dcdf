import type { PageDto } from '../../../src/protocol/valuePage';

/** Most rows that a refresh reads again: beyond them it starts over with the first page. */
const most = 2000;

/** Rows a page holds; none where a value has no rows. */
export function rowsOf(page: PageDto | undefined): number {
  return page && 'rows' in page ? page.rows.length : 0;
}

/** Reads on from a page until there are as many rows as wanted, or no more. */
export async function readMany(
  first: PageDto,
  wanted: number,
  append: (loaded: PageDto, next: PageDto) => PageDto,
  read: (cursor: string) => Promise<PageDto>,
): Promise<PageDto> {
  let page = first;
  while (page.cursor !== undefined && rowsOf(page) < Math.min(wanted, most))
    page = append(page, await read(page.cursor));
  return page;
}
