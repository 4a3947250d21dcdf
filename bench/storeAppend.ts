import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock, systemRandom } from '../src/engine/kernel/clock';
import type { HistoryEvent } from '../src/engine/kernel/history';
import { openStore } from '../src/providers/store/openStore';
import { noKeys } from '../test/helpers/noKeys';
import { repositoryRoot } from '../test/helpers/repository';
import { type Report, median } from './measure';

type Append = (events: readonly HistoryEvent[]) => Promise<void>;

/** How events come: from so many callers at once, so many to a call. */
interface Load {
  readonly callers: number;
  readonly eventsACall: number;
  readonly events: number;
}

const rounds = 7;
const log = { debug: quiet, info: quiet, warn: console.error, error: console.error };

/**
 * Events a second, each acknowledged when it is on the disk. The floor appends a line of JSON an event and shares
 * an fsync among the callers that came while the one before ran, with nothing else around it.
 */
export async function bench(report: Report): Promise<void> {
  // Beside the repository's own output, since a temporary folder may be in memory, where an fsync costs nothing.
  const folder = await mkdtemp(join(repositoryRoot, 'out/bench-store-append-'));
  const store = openStore({
    folder: join(folder, 'store'),
    workerPath: join(repositoryRoot, 'dist/storeWorker.js'),
    wasmPath: join(repositoryRoot, 'dist/sql-wasm.wasm'),
    keys: noKeys,
    log,
    clock: systemClock,
  });
  const file = await open(join(folder, 'floor.log'), 'a');
  try {
    const ours: Append = (events) => store.history.append(events);
    const floor = groupCommit(file);
    const single = await compare({ callers: 16, eventsACall: 1, events: 16_000 }, ours, floor);
    report({
      metric: 'single events',
      ...single,
      unit: 'events/s',
      budget: { of: 'value', atLeast: 20_000 },
    });
    report({
      metric: 'single events, ratio',
      ...single,
      unit: 'events/s',
      budget: { of: 'ratio', atLeast: 0.6 },
    });
    const batched = await compare({ callers: 4, eventsACall: 100, events: 60_000 }, ours, floor);
    report({ metric: 'hundreds', ...batched, unit: 'events/s', budget: { of: 'value', atLeast: 20_000 } });
  } finally {
    await store.close();
    await file.close();
    await rm(folder, { recursive: true });
  }
}

async function compare(load: Load, ours: Append, floor: Append): Promise<{ value: number; floor: number }> {
  const values: number[] = [];
  const floors: number[] = [];
  await rate(load, ours);
  for (let round = 0; round < rounds; round++) {
    floors.push(await rate(load, floor));
    values.push(await rate(load, ours));
  }
  return { value: median(values), floor: median(floors) };
}

async function rate({ callers, eventsACall, events }: Load, append: Append): Promise<number> {
  let made = 0;
  const caller = async (): Promise<void> => {
    while (made < events) await append(Array.from({ length: eventsACall }, () => event(made++)));
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: callers }, caller));
  return (made / (performance.now() - started)) * 1000;
}

function groupCommit(file: FileHandle): Append {
  let waiting: { readonly lines: string; readonly done: () => void }[] = [];
  let isRunning = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      await file.write(group.map(({ lines }) => lines).join(''));
      await file.sync();
      for (const { done } of group) done();
      // Lets the callers ask again before the next group is formed.
      await new Promise<void>((resolve) => process.nextTick(resolve));
    }
    isRunning = false;
  };
  return (events) =>
    new Promise((done) => {
      waiting.push({ lines: events.map((each) => `${JSON.stringify(each)}\n`).join(''), done });
      if (!isRunning) process.nextTick(() => (isRunning ? undefined : void run()));
    });
}

function event(index: number): HistoryEvent {
  return {
    id: systemRandom.id(),
    timestamp: Date.now(),
    source: 'app',
    connectionId: `connection-${index % 3}`,
    environment: 'prod',
    action: 'key.delete',
    keyOrPattern: `user:${index}`,
    durationMs: 1.5,
    status: index % 50 === 0 ? 'error' : 'success',
    attempts: 1,
    correlationId: systemRandom.id(),
  };
}

function quiet(): void {
  // Only what goes wrong belongs beside the figures.
}
