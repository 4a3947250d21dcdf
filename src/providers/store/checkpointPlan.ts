import type { Disposable } from '../../engine/kernel/lifetime';
import type { Timers } from './timers';

/** A checkpoint is made when the journals hold this much, bytes. */
const byteLimit = 16 * 1024 * 1024;

/** A checkpoint is made this long after a write, milliseconds. */
const timeLimitMs = 5 * 60_000;

/**
 * One that only puts files in order waits until what came while the store had no owner is answered, milliseconds:
 * saving a large store keeps everybody waiting for as long as taking it over did.
 */
const tidyMs = 10_000;

const delays = { now: 0, soon: tidyMs, later: timeLimitMs };

/**
 * Decides when the next checkpoint is made.
 *
 * States: `idle` -> `due` by `consider`; `due` -> `idle` when the time has come (then `run` is called) or by `dispose`.
 */
export class CheckpointPlan {
  private due: { readonly timer: Disposable; readonly delayMs: number } | undefined;
  private limit = byteLimit;

  constructor(
    private readonly timers: Timers,
    private readonly run: () => void,
  ) {}

  /** Plans a checkpoint for journals of this size; `asked` wants one although they are small. */
  consider(journalBytes: number, asked?: 'now' | 'soon'): void {
    if (journalBytes === 0 && asked === undefined) return;
    const delayMs = journalBytes >= this.limit ? 0 : delays[asked ?? 'later'];
    if (this.due && this.due.delayMs <= delayMs) return;
    this.dispose();
    const timer = this.timers.after(delayMs, () => {
      this.due = undefined;
      this.run();
    });
    this.due = { timer, delayMs };
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
