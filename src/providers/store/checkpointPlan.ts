import type { Disposable } from '../../engine/kernel/lifetime';
import type { Timers } from './timers';

/** A checkpoint is made when the journals hold this much, bytes. */
const byteLimit = 16 * 1024 * 1024;

/** A checkpoint is made this long after a write, milliseconds. */
const timeLimitMs = 5 * 60_000;

/**
 * Decides when the next checkpoint is made.
 *
 * States: `idle` -> `due` by `consider`; `due` -> `idle` when the time has come (then `run` is called) or by `dispose`.
 */
export class CheckpointPlan {
  private due: { readonly timer: Disposable; readonly soon: boolean } | undefined;
  private limit = byteLimit;

  constructor(
    private readonly timers: Timers,
    private readonly run: () => void,
  ) {}

  /** Plans a checkpoint for journals of this size; `urgent` asks for one as soon as the worker is free. */
  consider(journalBytes: number, urgent = false): void {
    const soon = urgent || journalBytes >= this.limit;
    if (this.due && (this.due.soon || !soon)) return;
    if (journalBytes === 0 && !urgent) return;
    this.dispose();
    const timer = this.timers.after(soon ? 0 : timeLimitMs, () => {
      this.due = undefined;
      this.run();
    });
    this.due = { timer, soon };
  }

  /** The checkpoint was made. */
  succeeded(): void {
    this.limit = byteLimit;
  }

  /** It could not be made: it is tried again later, not at every write. */
  failed(journalBytes: number): void {
    this.limit = journalBytes + byteLimit;
    this.consider(journalBytes);
  }

  dispose(): void {
    this.due?.timer.dispose();
    this.due = undefined;
  }
}
