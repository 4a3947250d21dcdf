import { ownName, type KeyBag } from './keyBag';
import type { KeyName } from '../kernel/keyName';

/** One entry of a level of the tree. */
export type LevelEntry =
  | { readonly kind: 'folder'; readonly prefix: KeyName; readonly count: number }
  | { readonly kind: 'key'; readonly key: KeyName };

/** A page of the entries below a prefix: folders first, each by name. */
export interface LevelPage {
  readonly entries: readonly LevelEntry[];
  /** Whether more entries follow the last one. */
  readonly hasMore: boolean;
  /** All names below the prefix. */
  readonly count: number;
}

export interface LevelRequest {
  /** Everything before the level, its delimiter included; empty for the top. */
  readonly prefix: KeyName;
  /** Each a single character. Names split at the first of any. */
  readonly delimiters: readonly string[];
  /** Entries from the start of the level. */
  readonly limit: number;
  /** Whether a key named exactly like the prefix is an entry: so at the top of a place; below a folder it stands beside it. */
  readonly includesPrefix?: boolean;
}

/** Longest piece of work between two turns of the event loop, milliseconds. */
const sliceMs = 6;

/** The first entries of a level, found in one pass over all names. */
export function levelPage(bag: KeyBag, request: LevelRequest, signal?: AbortSignal): Promise<LevelPage> {
  return new Level(bag, request).page(signal);
}

/**
 * A level of the tree that is asked for again and again while names arrive: each time it looks only at those that came
 * since. It keeps no more entries than a page can show, and is to be made anew when names were taken away.
 */
export class Level {
  private readonly builder: LevelBuilder;
  private readonly mark = { chunk: 0, offset: 0 };
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly bag: KeyBag,
    request: LevelRequest,
  ) {
    this.builder = new LevelBuilder(request);
  }

  /** The entries with every name that is in the bag by then; one walk at a time. */
  page(signal?: AbortSignal): Promise<LevelPage> {
    const page = this.turn.then(() => this.walk(signal));
    this.turn = page.catch(() => undefined);
    return page;
  }

  private async walk(signal?: AbortSignal): Promise<LevelPage> {
    let sliceEnd = performance.now() + sliceMs;
    for (const piece of this.bag.pieces(this.mark)) {
      for (const name of piece) this.builder.add(name);
      if (performance.now() < sliceEnd) continue;
      await new Promise(setImmediate);
      if (signal?.aborted) break;
      sliceEnd = performance.now() + sliceMs;
    }
    return this.builder.page();
  }
}

class LevelBuilder {
  private readonly folders = new Map<KeyName, number>();
  private readonly keys: KeyName[] = [];
  private folderBound: KeyName | undefined;
  private keyBound: KeyName | undefined;
  private count = 0;
  private dropped = false;
  private readonly delimiters: readonly string[];

  constructor(private readonly request: LevelRequest) {
    this.delimiters = request.delimiters;
  }

  add(name: KeyName): void {
    const { prefix, includesPrefix = true } = this.request;
    if (!name.startsWith(prefix) || (name === prefix && !includesPrefix)) return;
    this.count++;
    const end = this.folderEnd(name);
    if (end < 0) this.addKey(name);
    else this.addFolder(name.slice(0, end + 1) as KeyName);
  }

  page(): LevelPage {
    const { limit } = this.request;
    const folders = [...this.folders].sort(([a], [b]) => compareNames(a, b));
    const keys = this.keys.sort(compareNames);
    const entries: LevelEntry[] = folders
      .slice(0, limit)
      .map(([prefix, count]) => ({ kind: 'folder', prefix, count }));
    for (const key of keys.slice(0, limit - entries.length)) entries.push({ kind: 'key', key });
    return {
      entries,
      hasMore: this.dropped || folders.length + keys.length > entries.length,
      count: this.count,
    };
  }

  /** Position of the first delimiter after the prefix, -1 when the name is a key of this level. */
  private folderEnd(name: KeyName): number {
    const from = this.request.prefix.length;
    let first = -1;
    for (const delimiter of this.delimiters) {
      const at = name.indexOf(delimiter, from);
      if (at >= 0 && (first < 0 || at < first)) first = at;
    }
    // a name that ends with its delimiter is a key, not an empty folder
    return first === name.length - 1 ? -1 : first;
  }

  /** Counts the smallest `limit` folders: what is beyond them can never be on the page. */
  private addFolder(slice: KeyName): void {
    const known = this.folders.get(slice);
    if (known !== undefined) this.folders.set(slice, known + 1);
    else if (this.folderBound !== undefined && slice > this.folderBound) this.dropped = true;
    else {
      this.folders.set(ownName(slice), 1);
      if (this.folders.size >= this.kept) this.trimFolders();
    }
  }

  private trimFolders(): void {
    const names = [...this.folders.keys()].sort(compareNames);
    for (const name of names.slice(this.request.limit + 1)) this.folders.delete(name);
    this.folderBound = names[this.request.limit];
    this.dropped = true;
  }

  /** Keeps the smallest `limit` names, for the same reason. */
  private addKey(slice: KeyName): void {
    if (this.keyBound !== undefined && slice > this.keyBound) {
      this.dropped = true;
      return;
    }
    this.keys.push(ownName(slice));
    if (this.keys.length < this.kept) return;
    this.keys.sort(compareNames);
    this.keys.length = this.request.limit + 1;
    this.keyBound = this.keys.at(-1);
    this.dropped = true;
  }

  /** Entries that are kept before those beyond the page are let go. */
  private get kept(): number {
    return this.request.limit * 2 + 64;
  }
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
