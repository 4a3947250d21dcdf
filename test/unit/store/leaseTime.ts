import type { Clock } from '../../../src/engine/kernel/ports';
import { FakeTime } from './storeFixture';

/** Time of a machine whose wall clock somebody sets; the monotonic clock and the timers go on as before. */
export class LeaseTime extends FakeTime implements Clock {
  private offset = 0;

  override now(): number {
    return super.now() + this.offset;
  }

  /** Sets the wall clock forward, or back. */
  setBy(ms: number): void {
    this.offset += ms;
  }
}
