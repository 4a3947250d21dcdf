import type { Disposable } from '../../engine/kernel/lifetime';

/** Delayed work, injected so that tests decide when time passes. */
export interface Timers {
  /** Runs `work` once after `ms` milliseconds, unless the handle is disposed before. */
  after(ms: number, work: () => void): Disposable;
}

/** The machine's own timers. */
export const nodeTimers: Timers = {
  after(ms, work) {
    const timer = setTimeout(work, ms);
    return { dispose: () => clearTimeout(timer) };
  },
};
