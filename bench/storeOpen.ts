import { readFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock, systemRandom } from '../src/engine/kernel/clock';
import { latestVersion, migrate } from '../src/providers/store/migrate';
import { migrations } from '../src/providers/store/migrations';
import { openStore } from '../src/providers/store/openStore';
import { writeSnapshot } from '../src/providers/store/snapshotFile';
import { loadSqlite } from '../src/providers/store/sqlite';
import { nodeFiles } from '../src/providers/store/storeFiles';
import { snapshotName } from '../src/providers/store/storeFolder';
import { repositoryRoot } from '../test/helpers/repository';
import { type Report, median } from './measure';

const events = 1_000_000;
const rounds = 5;
const wasmPath = join(repositoryRoot, 'dist/sql-wasm.wasm');

/** Milliseconds from asking a store of a million events that is not open yet to its first page of history. */
export async function bench(report: Report): Promise<void> {
  const folder = await mkdtemp(join(repositoryRoot, 'out/bench-store-open-'));
  try {
    const snapshot = await fill(folder);
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
    log: { debug: quiet, info: quiet, warn: console.error, error: console.error },
    clock: systemClock,
  });
  const page = await store.history.list({ limit: 200 });
  const ms = performance.now() - started;
  await store.close();
  if (page.length !== 200) throw new Error(`The store gave ${page.length} events`);
  return ms;
}

/** Writes a snapshot of that many events; returns its path. */
async function fill(folder: string): Promise<string> {
  const database = (await loadSqlite(wasmPath))();
  migrate(database, migrations, latestVersion(migrations));
  database.run('BEGIN');
  const insert = `INSERT INTO history_events (id, timestamp, source, connection_id, environment, action, key_or_pattern,
    duration_ms, status, attempts, correlation_id) VALUES (?, ?, 'app', ?, 'prod', 'key.delete', ?, 1.5, ?, 1, ?)`;
  const connections = Array.from({ length: 5 }, () => systemRandom.id());
  for (let i = 0; i < events; i++) {
    const status = i % 50 === 0 ? 'error' : 'success';
    const connection = connections[i % 5] ?? '';
    database.run(insert, [systemRandom.id(), Date.now(), connection, `user:${i}`, status, systemRandom.id()]);
  }
  database.run('COMMIT');
  writeSnapshot(nodeFiles, folder, snapshotName(2), database.export());
  database.close();
  return join(folder, snapshotName(2));
}

function elapsed(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

function quiet(): void {
  // Only what goes wrong belongs beside the figures.
}
