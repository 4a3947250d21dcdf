import type { Timers } from '../../engine/kernel/ports';

export type { Timers };

/** The machine's own timers. */
export const nodeTimers: Timers = {
  after(ms, work) {
    const timer = setTimeout(work, ms);
    return { dispose: () => clearTimeout(timer) };
  },
};
