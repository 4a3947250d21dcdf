import { monitorEventLoopDelay } from 'node:perf_hooks';

/** What a piece of work cost. */
export interface Cost {
  readonly ms: number;
  /** 99th percentile of the delay of the event loop while it ran, milliseconds. */
  readonly loopP99Ms: number;
}

/** Runs `work` and measures its time and how long it kept the event loop waiting. */
export async function costOf(work: () => Promise<void>): Promise<Cost> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  delay.disable();
  return { ms, loopP99Ms: delay.percentile(99) / 1e6 };
}

/** Bytes of resident memory, after a collection where the process allows one. */
export function residentBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss;
}
