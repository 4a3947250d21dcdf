import type { Clock } from '../../engine/kernel/ports';

/** How long the ids of applied requests are kept, milliseconds; no client resends after that. */
const windowMs = 10 * 60_000;

/** How far the wall clock may drift from the steady one before it counts as set, milliseconds. */
const toleranceMs = 30_000;

/**
 * Tells which requests no client sends again. They are dated by the wall clock: one that was set forward, or ran on
 * while the machine slept, makes a request of just now look old. So none is forgotten before that clock has run evenly
 * for as long as ids are kept.
 */
export class ResendWindow {
  private offset: number;
  private evenSince: number;

  constructor(private readonly clock: Clock) {
    this.evenSince = clock.monotonic();
    this.offset = clock.now() - this.evenSince;
  }

  /** Looks at the clocks; to be called often, because a jump there and back between two looks is not seen. */
  look(): void {
    const monotonic = this.clock.monotonic();
    const offset = this.clock.now() - monotonic;
    if (Math.abs(offset - this.offset) <= toleranceMs) return;
    this.offset = offset;
    this.evenSince = monotonic;
  }

  /** The time before which requests may be forgotten, if any. */
  forgetBefore(): number | undefined {
    this.look();
    const isLong = this.clock.monotonic() - this.evenSince >= windowMs;
    return isLong ? this.clock.now() - windowMs : undefined;
  }
}
