import type { Buffer } from 'node:buffer';
import type { CacheReader, CallOptions } from '../connections/cacheProvider';
import type { ValuePage, ValueType } from '../connections/valuePage';
import { systemClock } from '../kernel/clock';
import { cancelled, EngineError, invalid } from '../kernel/errors';
import type { Clock } from '../kernel/ports';
import { editableBytes, pageRows } from '../keys/openValue';
import { byteFinder, type ByteFinder } from './findBytes';
import { matchingRows, type RowsPage } from './matchingRows';

/** What is looked for in one value. */
export interface ValueSearch {
  readonly type: ValueType;
  /** Not empty. */
  readonly text: Buffer;
  /** When false, ASCII letters are equal in both cases; no others are. */
  readonly caseSensitive: boolean;
  /** From a step of an earlier search for the same text. */
  readonly cursor?: string;
}

/** After either, the search stops; its last step has the cursor to go on from. */
export interface SearchBudget {
  /** Rows; of strings, items and JSON, reads of 1 MiB. */
  readonly rows: number;
  readonly milliseconds: number;
}

/** What one read gave. */
export type SearchStep = {
  /** Rows, or bytes, looked at so far. */
  readonly examined: number;
  /** Goes on after this step; undefined at the end of the value. */
  readonly cursor?: string;
} & (
  | { readonly page: RowsPage }
  /** Where in a string, item or JSON text the bytes begin. */
  | { readonly matches: readonly { readonly offset: number }[] }
);

/** Searches one value, a step a read. Rejects when cancelled, and with CONFLICT when the key changes its type. */
export async function* searchValue(
  reader: Pick<CacheReader, 'read'>,
  key: Buffer,
  search: ValueSearch,
  budget: SearchBudget,
  call: CallOptions,
  clock: Clock = systemClock,
): AsyncGenerator<SearchStep, void, undefined> {
  if (search.text.length === 0) throw invalid('There is nothing to look for');
  const finder = byteFinder(search.text, search.caseSensitive);
  const start = clock.monotonic();
  let { cursor } = search;
  let examined = 0;
  let spent = 0;
  do {
    if (call.signal?.aborted) throw cancelled('The search');
    const page = await reader.read(key, requestOf(search, cursor), call);
    cursor = nextOf(page, finder);
    const { size, rows, found } = looked(page, finder);
    examined += size;
    spent += rows;
    yield { examined, ...(cursor !== undefined && { cursor }), ...found };
  } while (cursor !== undefined && spent < budget.rows && clock.monotonic() - start < budget.milliseconds);
}

function requestOf({ type, text }: ValueSearch, cursor: string | undefined) {
  const inRows = type !== 'string' && type !== 'item' && type !== 'json';
  // JSON comes whole whatever is asked for; a window of bytes must be wider than what it shares with the next
  const limit = inRows ? pageRows : type === 'json' ? Number.MAX_SAFE_INTEGER : windowOf(text.length);
  return { type, limit, cellLimit: Number.MAX_SAFE_INTEGER, ...(cursor !== undefined && { cursor }) };
}

function windowOf(length: number): number {
  return Math.max(editableBytes, 2 * length);
}

/** The cursor of bytes is their offset: the next window begins where a match could still reach over the border. */
function nextOf(page: ValuePage, finder: ByteFinder): string | undefined {
  if (page.kind !== 'bytes' || page.cursor === undefined) return page.cursor;
  return String(page.offset + page.bytes.length - finder.length + 1);
}

function looked(page: ValuePage, finder: ByteFinder) {
  switch (page.kind) {
    case 'bytes':
      return { size: page.bytes.length, rows: 1, found: offsetsIn(page.bytes, page.offset, finder) };
    case 'json':
      return { size: page.text.length, rows: 1, found: offsetsIn(page.text, 0, finder) };
    case 'other':
      throw new EngineError(
        'NOT_SUPPORTED',
        'unsupported',
        `Values of type ${page.typeName} cannot be searched`,
      );
    default: {
      const { cursor: _, ...rest } = matchingRows(page, finder);
      return { size: page.rows.length, rows: Math.max(1, page.rows.length), found: { page: rest } };
    }
  }
}

function offsetsIn(bytes: Buffer, start: number, finder: ByteFinder) {
  return { matches: finder.offsetsIn(bytes).map((offset) => ({ offset: start + offset })) };
}
