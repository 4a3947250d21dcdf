import { systemRandom } from '../src/engine/kernel/clock';
import { RowParser } from '../src/providers/store/rowParser';
import { StoredHistory } from '../src/providers/store/historyStore';
import type { StoreAccess } from '../src/providers/store/storeAccess';
import { log, openClient } from './filledStore';
import { p95 } from './measure';

const calls = 60;
const others = 4;
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

/** Runs `work` while four other clients of the store, each as a window has one, append 200 times a second at most. */
export async function besideAppends<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const clients = Array.from({ length: others }, () => openClient(folder));
  let isOver = false;
  const append = async (client: StoreAccess): Promise<void> => {
    const history = new StoredHistory(client, new RowParser(log));
    while (!isOver) {
      await history.append([event()]);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };
  const appending = clients.map(append);
  try {
    return await work();
  } finally {
    isOver = true;
    await Promise.all(appending);
    await Promise.all(clients.map((client) => client.close()));
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
