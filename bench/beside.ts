import { systemRandom } from '../src/engine/kernel/clock';
import { RowParser } from '../src/providers/store/rowParser';
import { StoredHistory } from '../src/providers/store/historyStore';
import type { StoreAccess } from '../src/providers/store/storeAccess';
import { log } from './filledStore';
import { p95 } from './measure';

const calls = 60;
const callers = 4;
const pauseMs = 5;

/** Milliseconds that 95 of 100 calls do not exceed, one call after the other. */
export async function p95Of(call: () => unknown): Promise<number> {
  const times: number[] = [];
  await call();
  for (let i = 0; i < calls; i++) {
    const started = performance.now();
    await call();
    times.push(performance.now() - started);
  }
  return p95(times);
}

/** Runs `work` while four others append events, each 200 times a second at most. */
export async function besideAppends<T>(access: StoreAccess, work: () => Promise<T>): Promise<T> {
  const history = new StoredHistory(access, new RowParser(log));
  let isOver = false;
  const append = async (): Promise<void> => {
    while (!isOver) {
      await history.append([event()]);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };
  const appending = Array.from({ length: callers }, append);
  try {
    return await work();
  } finally {
    isOver = true;
    await Promise.all(appending);
  }
}

function event(): Parameters<StoredHistory['append']>[0][number] {
  return {
    id: systemRandom.id(),
    timestamp: Date.now(),
    source: 'app',
    connectionId: 'connection',
    action: 'key.set',
    durationMs: 1.5,
    status: 'success',
    attempts: 1,
    correlationId: systemRandom.id(),
  };
}
