import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { ValueSnapshot } from '../../../src/protocol/value';
import type { PageDto } from '../../../src/protocol/valuePage';
import { t } from '../../app/l10n';
import { createResource, type Resource } from '../../app/resource';
import { readMany, rowsOf } from './readMany';
import type { ValueRpc } from './valueRpc';

/** Joins a page with what was loaded before it. */
export type Append = (loaded: PageDto, next: PageDto) => PageDto;

/**
 * What was read of the value: the newest snapshot, and the rows loaded so far, which a new snapshot does not take
 * away: as many are read again before they are replaced.
 */
export class Reading {
  private readonly snapshotSignal = signal<ValueSnapshot | undefined>(undefined);
  private readonly pageSignal = signal<PageDto | undefined>(undefined);
  /** Where the loaded rows begin; undefined: at the start. */
  private start: string | undefined;
  private repeated = false;
  private wanted = false;

  readonly snapshot: ReadonlySignal<ValueSnapshot | undefined> = this.snapshotSignal;
  readonly page: ReadonlySignal<PageDto | undefined> = this.pageSignal;
  readonly loading: Resource<ValueSnapshot>;
  readonly more: Resource<PageDto>;
  /** Sorted sets and streams: from the last to the first. */
  readonly descending = signal(false);

  constructor(
    private readonly rpc: ValueRpc,
    readonly append: Append,
  ) {
    this.loading = createResource((signal) =>
      rpc.call(
        'value/load',
        {
          ...(this.descending.peek() && { descending: true }),
          ...(this.repeated && { repeated: true }),
          ...(this.wanted && { again: true }),
        },
        { signal },
      ),
    );
    this.more = createResource((abort) => this.readMore(abort));
    rpc.on('value/header', (header) => {
      const snapshot = this.snapshotSignal.value;
      if (snapshot) this.snapshotSignal.value = { ...snapshot, header };
      // a panel that came back with the window has waited for its connection
      else if (header.state === 'connected' || header.state === 'degraded') void this.loading.load();
    });
    rpc.on('value/snapshot', (snapshot) => this.loading.put(snapshot));
    effect(() => {
      if (this.loading.data.value) this.take(this.loading.data.value);
    });
  }

  /** Of the newest snapshot; 0 before the first. */
  get epoch(): number {
    return this.snapshotSignal.peek()?.epoch ?? 0;
  }

  /** Reads again as one of many reads. */
  async repeat(): Promise<void> {
    this.repeated = true;
    const read = this.loading.load();
    this.repeated = false;
    await read;
  }

  /** Reads again because the person wants to look. */
  async again(): Promise<void> {
    this.wanted = true;
    const read = this.loading.load();
    this.wanted = false;
    await read;
  }

  /** Reads from the other end. */
  reverse(): Promise<void> {
    this.descending.value = !this.descending.value;
    this.start = undefined;
    return this.loading.load();
  }

  /** Shows the rows from here on: an index, a byte offset, the id of an entry. */
  async jump(cursor: string): Promise<void> {
    this.more.cancel();
    const page = await this.readPage(cursor);
    this.start = cursor;
    this.pageSignal.value = page;
  }

  /** Takes a snapshot whose rows are known to be joined with those loaded already. */
  put(snapshot: ValueSnapshot, page: PageDto): void {
    this.snapshotSignal.value = snapshot;
    this.pageSignal.value = page;
  }

  private take(snapshot: ValueSnapshot): void {
    const before = this.pageSignal.peek();
    this.more.cancel();
    this.snapshotSignal.value = snapshot;
    const { page } = snapshot;
    if (before?.kind !== page?.kind) this.start = undefined;
    const wanted = before?.kind === page?.kind ? rowsOf(before) : 0;
    if (!page || (this.start === undefined && wanted <= rowsOf(page))) {
      this.pageSignal.value = page;
      return;
    }
    void this.readAgain(page, wanted, snapshot.epoch);
  }

  private async readAgain(first: PageDto, wanted: number, epoch: number): Promise<void> {
    try {
      const from = this.start === undefined ? first : await this.readPage(this.start);
      const page = await readMany(from, wanted, this.append, (cursor) => this.readPage(cursor));
      if (this.epoch === epoch) this.pageSignal.value = page;
    } catch {
      // the first page is there in any case, and says how much is missing
      if (this.epoch === epoch) this.pageSignal.value = first;
    }
  }

  private async readMore(abort: AbortSignal): Promise<PageDto> {
    const loaded = this.pageSignal.value;
    if (loaded?.cursor === undefined) throw new Error(t('There is nothing more to read.'));
    const joined = this.append(loaded, await this.readPage(loaded.cursor, abort));
    this.pageSignal.value = joined;
    return joined;
  }

  private readPage(cursor: string, signal?: AbortSignal): Promise<PageDto> {
    return this.rpc.call('value/page', { epoch: this.epoch, cursor }, signal ? { signal } : {});
  }
}
