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

/**
 * When an owner is killed, all windows wait until its journals are replayed, which takes about twenty times as long as
 * loading the same bytes from a snapshot. So they are saved soon, as long as that writes no more than so many times as
 * much as was appended.
 */
const early = { bytes: 1024 * 1024, writesPerByte: 8, afterMs: 2000 };

const delays = { now: 0, soon: tidyMs, early: early.afterMs, later: timeLimitMs };

/**
 * Decides when the next checkpoint is made.
 *
 * States: `idle` -> `due` by `consider`; `due` -> `idle` when the time has come (then `run` is called) or by `dispose`.
 */
export class CheckpointPlan {
  private due: { readonly timer: Disposable; readonly delayMs: number } | undefined;
  private limit = byteLimit;
  private hasFailed = false;
  private databaseBytes = 0;

  constructor(
    private readonly timers: Timers,
    private readonly run: () => void,
  ) {}

  /** Plans a checkpoint for journals of this size; `asked` wants one although they are small. */
  consider(journalBytes: number, asked?: 'now' | 'soon'): void {
    if (journalBytes === 0 && asked === undefined) return;
    const delayMs = Math.min(delays[asked ?? 'later'], this.delayFor(journalBytes));
    if (this.due && this.due.delayMs <= delayMs) return;
    this.dispose();
    const timer = this.timers.after(delayMs, () => {
      this.due = undefined;
      this.run();
    });
    this.due = { timer, delayMs };
  }

  /** How much a checkpoint saves, bytes. */
  weigh(databaseBytes: number): void {
    this.databaseBytes = databaseBytes;
  }

  /** The checkpoint was made. */
  succeeded(): void {
    this.limit = byteLimit;
    this.hasFailed = false;
  }

  /** It could not be made: it is tried again later, not at every write. */
  failed(journalBytes: number): void {
    this.limit = journalBytes + byteLimit;
    this.hasFailed = true;
    this.consider(journalBytes);
  }

  private delayFor(journalBytes: number): number {
    if (journalBytes >= this.limit) return delays.now;
    if (this.hasFailed || journalBytes < early.bytes) return delays.later;
    return journalBytes * early.writesPerByte >= this.databaseBytes ? delays.early : delays.later;
  }

  dispose(): void {
    this.due?.timer.dispose();
    this.due = undefined;
  }
}
