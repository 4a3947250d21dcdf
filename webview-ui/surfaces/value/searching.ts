import { type ReadonlySignal, signal } from '@preact/signals';
import type { FoundDto } from '../../../src/protocol/value';
import type { ChangeDto } from '../../../src/protocol/valueChange';
import type { PageDto } from '../../../src/protocol/valuePage';
import { mergeSaved } from './mergeSaved';
import { type Failure, isCancelled, toFailure } from '../../app/failure';

/** A search of the whole value: how far it is and what it found. */
export interface Search {
  readonly text: string;
  readonly examined: number;
  /** Rows that match, joined as pages are. */
  readonly page?: PageDto;
  /** Of a string: where matches begin, bytes. */
  readonly offsets: readonly number[];
  readonly state: 'running' | 'stopped' | 'full' | 'done';
  readonly failure?: Failure;
}

/** Matches after which a search pauses: nobody reads more, and the page stays light. */
const enough = 2000;

type Ask = (text: string, cursor: string | undefined, abort: AbortSignal) => Promise<FoundDto>;

/** Searches the whole value, request after request. States: none; running; stopped by the person; full; done. */
export class Searching {
  private readonly searchSignal = signal<Search | undefined>(undefined);
  private controller: AbortController | undefined;
  private cursor: string | undefined;

  readonly search: ReadonlySignal<Search | undefined> = this.searchSignal;

  constructor(
    private readonly ask: Ask,
    private readonly append: (loaded: PageDto, next: PageDto) => PageDto,
  ) {}

  /** Begins anew. */
  start(text: string): Promise<void> {
    this.clear();
    this.cursor = undefined;
    return this.run({ text, examined: 0, offsets: [], state: 'running' });
  }

  /** Goes on after a stop or a pause. */
  resume(): Promise<void> {
    const search = this.searchSignal.value;
    return search ? this.run({ ...search, state: 'running' }) : Promise.resolve();
  }

  /** Stops; what was found stays. */
  stop(): void {
    this.controller?.abort();
    const search = this.searchSignal.value;
    if (search?.state === 'running') this.searchSignal.value = { ...search, state: 'stopped' };
  }

  /** A change was made: what was found shows it, or is looked for again where positions may have moved. */
  follow(change: ChangeDto): void {
    const search = this.searchSignal.value;
    if (!search) return;
    const { page } = search;
    const merged = page && 'rows' in page && mergeSaved(page, withoutRows(page), change);
    if (merged) this.searchSignal.value = { ...search, page: merged };
    else void this.start(search.text);
  }

  /** Stops and forgets. */
  clear(): void {
    this.stop();
    this.searchSignal.value = undefined;
  }

  private async run(from: Search): Promise<void> {
    const own = (this.controller = new AbortController());
    let search = from;
    this.searchSignal.value = search;
    const { failure: _, ...begun } = search;
    search = begun;
    const limit = countOf(search) + enough;
    try {
      while (search.state === 'running') {
        const found = await this.ask(search.text, this.cursor, own.signal);
        if (own.signal.aborted) return;
        this.cursor = found.cursor;
        search = this.join(search, found, limit);
        this.searchSignal.value = search;
      }
    } catch (thrown) {
      if (isCancelled(thrown) || own.signal.aborted) return;
      this.searchSignal.value = { ...search, state: 'stopped', failure: toFailure(thrown) };
    }
  }

  private join(search: Search, found: FoundDto, limit: number): Search {
    const page = found.page && (search.page ? this.append(search.page, found.page) : found.page);
    const joined: Search = {
      ...search,
      examined: search.examined + found.examined,
      offsets: [...search.offsets, ...found.offsets],
      ...(page && { page }),
    };
    if (found.cursor === undefined) return { ...joined, state: 'done' };
    return countOf(joined) >= limit ? { ...joined, state: 'full' } : joined;
  }
}

function withoutRows(page: Extract<PageDto, { rows: unknown }>): PageDto {
  return { ...page, rows: [] };
}

/** How many matches a search has. */
export function countOf({ page, offsets }: Search): number {
  return page && 'rows' in page ? page.rows.length : offsets.length;
}
