import { toError } from '../kernel/errors';
import { Emitter } from '../kernel/events';
import type { LeasePorts } from '../kernel/heldLease';
import type { Lease } from '../kernel/leases';
import type { Disposable } from '../kernel/lifetime';
import { underLease } from '../kernel/underLease';
import { type AgingTime, agingTime, oldestKept, oldestRollUps } from './agingClock';
import type { CollectingSwitch } from './collecting';
import { type Dataset, type DatasetUsage, datasets } from './dataset';
import { bytesOf, excessRows, overBudget } from './excess';
import { type RetentionPolicy, warnShare } from './policy';
import type { RetentionEvent } from './retention';
import type { RetentionStore, Usage } from './retentionStore';
import type { RetentionRound } from './round';
import { sweep } from './sweep';

const firstRoundMs = 60_000;
const roundMs = 10 * 60_000;

/** Bytes are known by pages and records differ in size, so a budget may need more than one try. */
const triesForBudget = 3;

/** What the enforcer works with. */
export interface EnforcerPorts extends LeasePorts {
  readonly store: RetentionStore;
  readonly upkeep: { shrink(): Promise<unknown> };
  /** This window, as leases name it. */
  readonly holder: string;
  readonly collecting: CollectingSwitch;
}

type Policies = Readonly<Record<Dataset, RetentionPolicy>>;

/** One round that is under way. */
interface Round {
  readonly lease: Lease;
  readonly time: AgingTime;
  readonly policies: Policies;
  readonly last: RetentionRound | undefined;
  readonly signal: AbortSignal;
}

/**
 * Keeps every dataset within its age and its budget, in one window at a time.
 *
 * States and exits:
 * - made: does nothing. -> waiting by `start`.
 * - waiting: for its timer. -> a round, and waiting again whatever came of it; -> ended by `dispose`.
 * - ended: a round under way stops after its batch.
 */
export class RetentionEnforcer implements Disposable {
  private readonly events = new Emitter<RetentionEvent>();
  private readonly end = new AbortController();
  private timer: Disposable | undefined;
  private running: Promise<void> | undefined;
  /** The time of the last round this window knows of, and when it learnt of it by the steady clock. */
  private seen: { readonly now: number; readonly at: number } | undefined;

  /** Tells what a person should know. */
  readonly onEvent = this.events.event;

  constructor(private readonly ports: EnforcerPorts) {}

  /** Begins: the first round after a minute, then one every ten minutes. */
  start(): void {
    this.wait(firstRoundMs);
  }

  /** Runs a round now; resolves when it is over. Rejects when the store fails; what went until then stays gone. */
  async round(signal: AbortSignal = this.end.signal): Promise<void> {
    const { holder } = this.ports;
    const isOurs = await underLease(this.ports, 'retention', holder, async (lease, held) => {
      await this.roundUnder(lease, AbortSignal.any([signal, held]));
      return true;
    });
    if (!isOurs) await this.followRound();
  }

  /** Resolves when a round under way has stopped. */
  async dispose(): Promise<void> {
    this.end.abort();
    this.timer?.dispose();
    await this.running;
  }

  private async roundUnder(lease: Lease, signal: AbortSignal): Promise<void> {
    const { store, clock } = this.ports;
    const last = await store.lastRound();
    const policies = await store.policies();
    const time = agingTime(clock.now(), last, this.passedSince(last));
    this.seen = { now: time.now, at: clock.monotonic() };
    await this.enforce({ lease, time, policies, last, signal });
  }

  /** Another window does the rounds: what it stopped is stopped here too. */
  private async followRound(): Promise<void> {
    const last = await this.ports.store.lastRound();
    this.passedSince(last);
    this.ports.collecting.set(last?.stopped ?? []);
  }

  private wait(ms: number): void {
    if (this.end.signal.aborted) return;
    this.timer = this.ports.timers.after(ms, () => {
      this.running = this.roundOrLog().finally(() => this.wait(roundMs));
    });
  }

  private async roundOrLog(): Promise<void> {
    try {
      await this.round();
    } catch (thrown) {
      this.ports.log.warn('Old records could not be purged; it is tried again', {
        error: toError(thrown).message,
      });
    }
  }

  /** How much time surely passed since the last round, which may be another window's. */
  private passedSince(last: RetentionRound | undefined): number {
    const at = this.ports.clock.monotonic();
    if (last && this.seen?.now === last.now) return at - this.seen.at;
    this.seen = last && { now: last.now, at };
    return 0;
  }

  private async enforce(round: Round): Promise<void> {
    const { store, upkeep } = this.ports;
    const { lease, time, policies, signal } = round;
    // First of all, so that a round that fails half-way has still moved the time on by no more than a day.
    await store.saveRound({ warned: [], purged: [], stopped: [], ...round.last, ...time }, lease);
    let rows = await this.purgeOld(round);
    const { usage, purged } = await this.purgeForBudgets(round);
    rows += [...purged.values()].reduce((sum, each) => sum + each, 0);
    await store.removeRollUps(oldestRollUps(time.now, policies.timelineEvents.retentionDays), lease);
    await store.removeUnreferencedPayloads(lease);
    if (rows > 0 && !signal.aborted) await upkeep.shrink();
    if (!signal.aborted) await this.conclude(round, rows > 0 ? await store.usage() : usage, purged);
  }

  private async purgeOld(round: Round): Promise<number> {
    let rows = 0;
    for (const dataset of datasets) {
      const { retentionDays } = round.policies[dataset];
      rows += await this.purge(round, dataset, { before: oldestKept(round.time.now, retentionDays) });
    }
    return rows;
  }

  private async purgeForBudgets(
    round: Round,
  ): Promise<{ usage: Usage; purged: ReadonlyMap<Dataset, number> }> {
    const purged = new Map<Dataset, number>();
    for (let attempt = 1; ; attempt++) {
      const usage = await this.ports.store.usage();
      let rows = 0;
      for (const [dataset, limit] of excessRows(usage, round.policies)) {
        const gone = await this.purge(round, dataset, { limit });
        if (gone > 0) purged.set(dataset, (purged.get(dataset) ?? 0) + gone);
        rows += gone;
      }
      if (rows === 0 || attempt === triesForBudget || round.signal.aborted) return { usage, purged };
    }
  }

  private async purge(
    { lease, policies, signal }: Round,
    dataset: Dataset,
    { before, limit }: { before?: number; limit?: number },
  ): Promise<number> {
    const { store, clock } = this.ports;
    const free = await store.lastSeq(dataset, policies[dataset].minimumKept);
    const throughSeq = before === undefined ? free : Math.min(free, await store.seqBound(dataset, before));
    const range = { dataset, throughSeq, ...(before !== undefined && { before }) };
    return sweep({ store, clock, lease, signal }, range, limit);
  }

  private async conclude(
    { lease, time, policies, last }: Round,
    usage: Usage,
    purged: ReadonlyMap<Dataset, number>,
  ): Promise<void> {
    const near = usage.datasets
      .filter((each) => bytesOf(each) >= policies[each.dataset].budgetBytes * warnShare)
      .map(({ dataset }) => dataset);
    const next: RetentionRound = {
      ...time,
      warned: near,
      // It goes on being purged for as long as it stays near its budget, and that is said once.
      purged: datasets.filter(
        (each) => purged.has(each) || (last?.purged.includes(each) && near.includes(each)),
      ),
      stopped: overBudget(usage, policies, last?.stopped ?? []),
    };
    await this.ports.store.saveRound(next, lease);
    this.ports.collecting.set(next.stopped);
    for (const each of usage.datasets) this.tell(each, policies, last, next, purged.get(each.dataset));
  }

  private tell(
    usage: DatasetUsage,
    policies: Policies,
    last: RetentionRound | undefined,
    next: RetentionRound,
    rows: number | undefined,
  ): void {
    const { dataset } = usage;
    const facts = { dataset, bytes: bytesOf(usage), budgetBytes: policies[dataset].budgetBytes };
    const began = (kind: 'warned' | 'purged' | 'stopped'): boolean =>
      next[kind].includes(dataset) && !last?.[kind].includes(dataset);
    if (began('warned')) this.events.fire({ kind: 'warned', ...facts });
    if (began('purged')) this.events.fire({ kind: 'purged', ...facts, ...(rows !== undefined && { rows }) });
    if (began('stopped')) this.events.fire({ kind: 'stopped', ...facts });
    if (last?.stopped.includes(dataset) && !next.stopped.includes(dataset)) {
      this.events.fire({ kind: 'resumed', ...facts });
    }
  }
}
