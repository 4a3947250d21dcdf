import { toError } from './errors';
import { type HeldLease, type LeasePorts, tryLease } from './heldLease';
import { type Lease, renewMs } from './leases';
import type { Disposable } from './lifetime';

/** A job that only the holder of a lease does; it has to end soon after the signal aborts. */
export type LeasedJob = (lease: Lease, signal: AbortSignal) => Promise<void> | void;

/**
 * Runs a job in this window while its lease is held here, and never twice at once.
 *
 * States and exits:
 * - `waiting`: asks for the lease, at once and then every `renewMs`. -> `running` when it is granted, -> `disposed`.
 * - `running`: the job runs, or has ended well and nobody need do it again. -> `waiting` when the lease is lost and the
 *   job has ended, or when the job failed (the lease is given back: any window may try), -> `disposed`.
 * - `disposed`: the end. The lease is given back when the job has ended.
 */
export class LeaseKeeper implements Disposable {
  private state: 'waiting' | 'running' | 'disposed' = 'waiting';
  private next: Disposable | undefined;
  private attempt: Promise<void>;
  private readonly ending = new AbortController();

  constructor(
    private readonly options: LeasePorts & {
      readonly name: string;
      /** Unique to this window. */
      readonly holder: string;
      readonly onHeld: LeasedJob;
    },
  ) {
    this.attempt = this.ask();
  }

  /** Ends the job; resolves when it has ended and the lease is given back. */
  async dispose(): Promise<void> {
    if (this.state !== 'disposed') this.transition('disposed');
    await this.attempt;
  }

  private transition(next: LeaseKeeper['state']): void {
    const exits = { waiting: ['running', 'disposed'], running: ['waiting', 'disposed'], disposed: [] };
    const allowed: readonly string[] = exits[this.state];
    if (!allowed.includes(next)) throw new Error(`A lease keeper cannot go from ${this.state} to ${next}`);
    this.state = next;
    this.next?.dispose();
    if (next === 'disposed') this.ending.abort();
  }

  private async ask(): Promise<void> {
    const held = await this.tryLease();
    if (held && this.state === 'waiting') {
      this.transition('running');
      await this.run(held);
      if (!this.ending.signal.aborted) this.transition('waiting');
    }
    await held?.release();
    if (!this.ending.signal.aborted) this.askSoon();
  }

  private askSoon(): void {
    this.next = this.options.timers.after(renewMs, () => {
      this.attempt = this.ask();
    });
  }

  private async tryLease(): Promise<HeldLease | undefined> {
    try {
      return await tryLease(this.options, this.options.name, this.options.holder);
    } catch (thrown) {
      this.warn('A lease could not be asked for', thrown);
      return undefined;
    }
  }

  /** Resolves when the job has failed, or has ended and the lease is not wanted or not held any more. */
  private async run(held: HeldLease): Promise<void> {
    const signal = AbortSignal.any([held.signal, this.ending.signal]);
    try {
      await this.options.onHeld(held.lease, signal);
    } catch (thrown) {
      if (!signal.aborted) this.warn('A job under a lease failed and is tried again', thrown);
      return;
    }
    await aborted(signal);
  }

  private warn(what: string, thrown: unknown): void {
    this.options.log.warn(what, { lease: this.options.name, error: toError(thrown).message });
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
