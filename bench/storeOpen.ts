import { readFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../src/engine/kernel/clock';
import { openStore } from '../src/providers/store/openStore';
import { noKeys } from '../test/helpers/noKeys';
import { repositoryRoot } from '../test/helpers/repository';
import { fillStore, log } from './filledStore';
import { type Report, median } from './measure';

const rounds = 5;
const wasmPath = join(repositoryRoot, 'dist/sql-wasm.wasm');

/** Milliseconds from asking a store of a million events that is not open yet to its first page of history. */
export async function bench(report: Report): Promise<void> {
  const folder = await mkdtemp(join(repositoryRoot, 'out/bench-store-open-'));
  try {
    const { snapshot } = await fillStore(folder);
    const values: number[] = [];
    const floors: number[] = [];
    for (let round = 0; round < rounds; round++) {
      floors.push(elapsed(() => readFileSync(snapshot)));
      values.push(await openAndList(folder));
    }
    const size = (await stat(snapshot)).size / 1024 / 1024;
    report({ metric: 'file', value: size, unit: 'MB', budget: { of: 'value' } });
    report({
      metric: 'first page',
      value: median(values),
      floor: median(floors),
      unit: 'ms',
      budget: { of: 'value', atMost: 1500 },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function openAndList(folder: string): Promise<number> {
  const started = performance.now();
  const store = openStore({
    folder,
    workerPath: join(repositoryRoot, 'dist/storeWorker.js'),
    wasmPath,
    log,
    keys: noKeys,
    clock: systemClock,
  });
  const page = await store.history.list({ limit: 200 });
  const ms = performance.now() - started;
  await store.close();
  if (page.length !== 200) throw new Error(`The store gave ${page.length} events`);
  return ms;
}

function elapsed(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}
