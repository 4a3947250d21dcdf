import { EngineError, isRefused, toEngineError } from '../kernel/errors';
import { Emitter } from '../kernel/events';
import type { Clock } from '../kernel/ports';
import type { ScanBatch, ScanRequest } from '../connections/cacheProvider';
import { KeyBag, ownName } from './keyBag';
import { escapeGlob, matchesGlob } from './glob';
import { keyBytes, type KeyName } from '../kernel/keyName';
import { Level, type LevelPage, type LevelRequest } from './levelPage';

/** What a listing shows of a database. Patterns are globs over the part of the name after `prefix`. */
export interface KeyFilter {
  readonly prefix: KeyName;
  readonly pattern?: KeyName;
  /** Redis type name. */
  readonly type?: string;
}

export type ListingState = 'idle' | 'scanning' | 'paused' | 'complete' | 'cancelled' | 'failed';

/** Progress of a scan. Counts are lower bounds until the state is `complete`. */
export interface ListingProgress {
  readonly state: ListingState;
  readonly found: number;
  /** Keys the server has looked at. */
  readonly examined: number;
  /** About how many keys the database holds, when known. */
  readonly estimate?: number;
  readonly cause?: EngineError;
}

export interface ListingPorts {
  readonly scan: (request: ScanRequest, signal: AbortSignal) => AsyncIterable<ScanBatch>;
  readonly countKeys: (signal: AbortSignal) => Promise<number>;
  /** Milliseconds that a run may go on before it pauses and asks. */
  readonly budgetMs: () => number;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/** Levels whose walk over the names is continued instead of begun anew. */
const keptLevels = 32;
/** Longest piece of work between two turns of the event loop, milliseconds. */
const sliceMs = 6;

/**
 * The names of one database or namespace, collected by a scan.
 *
 * States and exits: `idle` -> `scanning` by `run()`; `scanning` -> `complete` at the end, -> `paused` when the
 * budget is used up, -> `cancelled` by `cancel()`, -> `failed` on an error; `paused`, `cancelled`, `failed` ->
 * `scanning` by `run()`, which continues at the cursor. What was found is kept in every state.
 */
export class KeyListing {
  private readonly bag = new KeyBag();
  private readonly levels = new Map<string, Level>();
  private current: ListingProgress = { state: 'idle', found: 0, examined: 0 };
  private cursor: string | undefined;
  private cursorsForgotten = 0;
  private running: Promise<void> | undefined;
  private abort = new AbortController();
  private readonly changes = new Emitter<ListingProgress>();

  /** Fires at each change of state and after each batch. */
  readonly onChange = this.changes.event;

  constructor(
    /** Logical database the names are of. */
    readonly db: number,
    readonly filter: KeyFilter,
    private readonly ports: ListingPorts,
  ) {}

  get progress(): ListingProgress {
    return this.current;
  }

  /** Scans until the end, the budget, an error or `cancel()`; joins a scan that runs. Never rejects: see `progress`. */
  run(): Promise<void> {
    this.running ??= this.scan().finally(() => (this.running = undefined));
    return this.running;
  }

  /** Stops the scan within one batch and keeps what was found. */
  cancel(): void {
    this.abort.abort();
  }

  /** The first entries below a prefix. */
  level(request: LevelRequest, signal?: AbortSignal): Promise<LevelPage> {
    const key = [request.limit, ...request.delimiters, request.prefix].join('\0');
    const known = this.levels.get(key);
    const level = known ?? new Level(this.bag, { ...request, includesPrefix: this.includes(request.prefix) });
    if (!known) this.keepLevel(key, level);
    return level.page(signal);
  }

  /** Takes a key off after it was deleted, or puts one on after it was created. */
  note(name: KeyName, exists: boolean): void {
    if (exists) this.bag.add(name);
    else if (this.bag.delete(name)) this.levels.clear();
    this.transition({ ...this.current, found: this.bag.size });
  }

  /** Whether the filter would let a key through, as far as its name tells. */
  admits(name: KeyName): boolean {
    const { prefix, pattern } = this.filter;
    return (
      name.startsWith(prefix) &&
      (pattern === undefined || matchesGlob(pattern, name.slice(prefix.length) as KeyName))
    );
  }

  /**
   * Makes the next `run()` begin at the start: after a restart of the server an old cursor silently skips keys.
   * What was found stays, and is not counted twice. A scan that runs fails at its next batch.
   */
  forgetCursor(): void {
    this.cursor = undefined;
    this.cursorsForgotten++;
    if (this.current.state !== 'complete') this.current = { ...this.current, examined: 0 };
  }

  /** All names below a prefix, for acts on a folder: exactly those its count tells. */
  *below(prefix: KeyName): Iterable<KeyName> {
    for (const piece of this.bag.pieces()) {
      for (const name of piece)
        if (name.startsWith(prefix) && (name !== prefix || this.includes(prefix))) yield ownName(name);
    }
  }

  /** Whether a key named like the prefix is below it: not below a folder, where the tree shows it beside the folder. */
  private includes(prefix: KeyName): boolean {
    return prefix === this.filter.prefix;
  }

  /** Levels that are in view are asked for with each batch; those that were are let go, oldest first. */
  private keepLevel(key: string, level: Level): void {
    this.levels.set(key, level);
    const [oldest] = this.levels.keys();
    if (this.levels.size > keptLevels && oldest !== undefined) this.levels.delete(oldest);
  }

  private async scan(): Promise<void> {
    if (this.current.state === 'complete') return;
    this.abort = new AbortController();
    const { signal } = this.abort;
    this.transition({
      state: 'scanning',
      found: this.bag.size,
      examined: this.current.examined,
      ...this.estimate(),
    });
    try {
      await this.learnEstimate(signal);
      const state = await this.consume(signal);
      this.transition({ ...this.current, state });
    } catch (thrown) {
      const cause = toEngineError(thrown);
      if (!signal.aborted) this.forgetCursor();
      this.transition(
        signal.aborted
          ? { ...this.current, state: 'cancelled' }
          : { ...this.current, state: 'failed', cause },
      );
    }
  }

  private async consume(signal: AbortSignal): Promise<ListingState> {
    const { clock, budgetMs } = this.ports;
    const end = clock.monotonic() + budgetMs();
    const { cursorsForgotten } = this;
    for await (const batch of this.ports.scan(this.request(), signal)) {
      if (signal.aborted) return 'cancelled';
      await this.take(batch);
      if (this.cursorsForgotten !== cursorsForgotten) throw interrupted();
      if (batch.cursor === undefined) return 'complete';
      if (clock.monotonic() >= end) return 'paused';
    }
    // a source may answer an abort by ending
    return signal.aborted ? 'cancelled' : 'complete';
  }

  private async take(batch: ScanBatch): Promise<void> {
    let sliceEnd = performance.now() + sliceMs;
    const { keys } = batch;
    for (let i = 0; i < keys.length; i++) {
      this.bag.addSlice(keys.slice(i));
      if ((i & 255) === 255 && performance.now() > sliceEnd) {
        await new Promise(setImmediate);
        sliceEnd = performance.now() + sliceMs;
      }
    }
    this.cursor = batch.cursor;
    this.transition({
      ...this.current,
      found: this.bag.size,
      examined: this.current.examined + batch.examined,
    });
  }

  private request(): ScanRequest {
    const { prefix, pattern, type } = this.filter;
    const glob =
      prefix === '' && pattern === undefined ? undefined : `${escapeGlob(prefix)}${pattern ?? '*'}`;
    return {
      ...(glob !== undefined && { match: keyBytes(glob as KeyName) }),
      ...(type !== undefined && { type }),
      ...(this.cursor !== undefined && { cursor: this.cursor }),
    };
  }

  private estimate(): { estimate?: number } {
    return this.current.estimate === undefined ? {} : { estimate: this.current.estimate };
  }

  private async learnEstimate(signal: AbortSignal): Promise<void> {
    if (this.current.estimate !== undefined) return;
    try {
      this.current = { ...this.current, estimate: await this.ports.countKeys(signal) };
    } catch (thrown) {
      // where the count may not be asked for, or is not known, the scan goes on without a total
      if (!isRefused(toEngineError(thrown))) throw thrown;
    }
  }

  private transition(next: ListingProgress): void {
    this.current = next;
    this.changes.fire(next);
  }
}

/** The link was lost between two batches: what is left of the cursor may skip keys of a restarted server. */
function interrupted(): EngineError {
  const message = 'The connection was lost during the scan, which starts again when continued';
  return new EngineError('CONNECTION_FAILED', 'dropped', message, { retryable: true });
}
