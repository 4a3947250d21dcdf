import { toError } from './errors';
import { type Lease, type LeaseStore, leaseMs, renewMs } from './leases';
import type { Disposable } from './lifetime';
import type { Clock, Log, Timers } from './ports';

/** What keeping a lease needs of its surroundings. */
export interface LeasePorts {
  readonly leases: LeaseStore;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

/**
 * A lease that was granted, renewed until it is released or lost. How long it lasts is counted by the monotonic clock
 * from before the request that granted it, so that it ends here no later than another window may take it.
 *
 * States and exits:
 * - `held`: -> `lost` when another has it or no renewal came through in time, -> `released` by `release`.
 * - `lost`, `released`: the end; the signal is aborted.
 */
export class HeldLease {
  private state: 'held' | 'lost' | 'released' = 'held';
  private readonly ending = new AbortController();
  private renewal: Disposable | undefined;
  private expiry: Disposable | undefined;

  /** Aborts when the lease is no longer held. */
  readonly signal: AbortSignal = this.ending.signal;

  /** `since`: monotonic time before the lease was asked for. */
  constructor(
    readonly lease: Lease,
    private readonly ports: LeasePorts,
    since: number,
  ) {
    this.lastFrom(since);
    this.renewSoon();
  }

  /** Gives the lease back; when that fails it runs out by itself. */
  async release(): Promise<void> {
    if (this.state !== 'held') return;
    this.transition('released');
    try {
      await this.ports.leases.release(this.lease);
    } catch (thrown) {
      this.warn('A lease could not be given back and runs out by itself', thrown);
    }
  }

  private transition(next: 'lost' | 'released'): void {
    if (this.state !== 'held') throw new Error(`A lease cannot go from ${this.state} to ${next}`);
    this.state = next;
    this.renewal?.dispose();
    this.expiry?.dispose();
    this.ending.abort();
  }

  private lastFrom(since: number): void {
    this.expiry?.dispose();
    const left = since + leaseMs - this.ports.clock.monotonic();
    this.expiry = this.ports.timers.after(Math.max(0, left), () => {
      this.lose('A lease ran out without being renewed');
    });
  }

  private renewSoon(): void {
    this.renewal = this.ports.timers.after(renewMs, () => void this.renew());
  }

  private async renew(): Promise<void> {
    const since = this.ports.clock.monotonic();
    try {
      const isOurs = await this.ports.leases.renew(this.lease);
      if (this.state !== 'held') return;
      if (isOurs) this.lastFrom(since);
      else this.lose('A lease was taken by another window');
    } catch (thrown) {
      // Tried again until the lease runs out.
      this.warn('A lease could not be renewed', thrown);
    }
    if (this.stillHeld()) this.renewSoon();
  }

  private stillHeld(): boolean {
    return this.state === 'held';
  }

  private lose(what: string): void {
    this.ports.log.warn(what, { lease: this.lease.name, epoch: this.lease.epoch });
    this.transition('lost');
  }

  private warn(what: string, thrown: unknown): void {
    this.ports.log.warn(what, { lease: this.lease.name, error: toError(thrown).message });
  }
}

/** Asks for a lease; undefined while another holds it, or when the answer took longer than a lease lasts. */
export async function tryLease(
  ports: LeasePorts,
  name: string,
  holder: string,
): Promise<HeldLease | undefined> {
  const since = ports.clock.monotonic();
  const lease = await ports.leases.acquire(name, holder);
  if (!lease || ports.clock.monotonic() - since >= leaseMs) return undefined;
  return new HeldLease(lease, ports, since);
}
