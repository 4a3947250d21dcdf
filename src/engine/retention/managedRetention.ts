import { Emitter } from '../kernel/events';
import type { Disposable } from '../kernel/lifetime';
import type { Clock } from '../kernel/ports';
import { oldestKept } from './agingClock';
import type { CollectingSwitch } from './collecting';
import type { Dataset, DatasetUsage } from './dataset';
import { excessRows } from './excess';
import type { RetentionPolicy } from './policy';
import type { PurgeImpact } from './purge';
import type { PurgeCounts } from './purges';
import type { Retention, RetentionEvent } from './retention';
import type { RecordRange, RetentionStore } from './retentionStore';

/** Records looked for at once when a range is sought that holds so many. */
const soughtAtOnce = 5000;

/** What it is put together from. */
export interface ManagedRetentionPorts {
  readonly store: RetentionStore;
  readonly counts: Pick<PurgeCounts, 'impacts'>;
  readonly collecting: CollectingSwitch;
  /** Events of this window's rounds. */
  readonly onEvent: (listener: (event: RetentionEvent) => void) => Disposable;
  /** Tells when policies, holds or the outcome of a round were written, in any window. */
  readonly onWritten: (listener: () => void) => Disposable;
  readonly clock: Clock;
}

/** Retention as a person sees it and decides about it. */
export class ManagedRetention implements Retention, Disposable {
  private readonly changes = new Emitter<undefined>();
  private readonly listeners: readonly Disposable[];

  readonly onEvent: Retention['onEvent'];

  constructor(private readonly ports: ManagedRetentionPorts) {
    const change = (): void => this.changes.fire(undefined);
    this.onEvent = ports.onEvent;
    this.listeners = [ports.onWritten(change), ports.collecting.onChange(change)];
  }

  readonly onChange = (listener: () => void): Disposable => this.changes.event(listener);

  async usage(): Promise<readonly DatasetUsage[]> {
    return (await this.ports.store.usage()).datasets;
  }

  policies(): ReturnType<RetentionStore['policies']> {
    return this.ports.store.policies();
  }

  setPolicy(dataset: Dataset, policy: RetentionPolicy): Promise<void> {
    return this.ports.store.setPolicy(dataset, policy);
  }

  stopped(): ReadonlySet<Dataset> {
    return this.ports.collecting.stopped;
  }

  /** What is too old by the policy, or, if that is more, what is too much by its budget. */
  async impactOf(dataset: Dataset, policy: RetentionPolicy): Promise<PurgeImpact> {
    const { store, counts, clock } = this.ports;
    const free = await store.lastSeq(dataset, policy.minimumKept);
    const before = oldestKept(clock.now(), policy.retentionDays);
    const throughSeq = Math.min(free, await store.seqBound(dataset, before));
    const old = await this.impact({ dataset, throughSeq, before });
    const policies = { ...(await store.policies()), [dataset]: policy };
    const excess = excessRows(await store.usage(), policies).get(dataset) ?? 0;
    if (excess <= old.rows) return old;
    const through = await this.seqOf({ dataset, throughSeq: free }, excess);
    return (await counts.impacts([{ dataset, throughSeq: through }]))[0] ?? old;
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
  }

  private async impact(range: RecordRange): Promise<PurgeImpact> {
    const [impact] = await this.ports.counts.impacts([range]);
    return impact ?? { dataset: range.dataset, rows: 0, databaseBytes: 0, payloadBytes: 0, heldRows: 0 };
  }

  /** The `seq` of the record of a range up to which there are so many that may go. */
  private async seqOf(range: RecordRange, rows: number): Promise<number> {
    let found = 0;
    let seq = 0;
    for (;;) {
      const batch = await this.ports.store.next(range, seq, Math.min(soughtAtOnce, rows - found));
      found += batch.rows;
      seq = batch.throughSeq;
      if (batch.isLast || found >= rows) return seq;
    }
  }
}
