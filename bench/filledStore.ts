import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock, systemRandom } from '../src/engine/kernel/clock';
import { latestVersion, migrate } from '../src/providers/store/migrate';
import { migrations } from '../src/providers/store/migrations';
import { RollUp } from '../src/providers/store/rollUp';
import { writeSnapshot } from '../src/providers/store/snapshotFile';
import { type Sqlite, loadSqlite } from '../src/providers/store/sqlite';
import type { Statement } from '../src/providers/store/statement';
import { StoreClient } from '../src/providers/store/storeClient';
import { nodeFiles } from '../src/providers/store/storeFiles';
import { snapshotName } from '../src/providers/store/storeFolder';
import { ownerTransport } from '../src/providers/store/ownerTransport';
import { OwnWorker } from '../src/providers/store/ownWorker';
import { nodeTimers } from '../src/providers/store/timers';
import { repositoryRoot } from '../test/helpers/repository';

/** Events of a filled store, their connections, and the time they are spread over, milliseconds. */
export const filled = { events: 1_000_000, connections: 10, spanMs: 30 * 24 * 3_600_000 };

/** The log of a bench. */
export const log = { debug: quiet, info: quiet, warn: console.error, error: console.error };

const wasmPath = join(repositoryRoot, 'dist/sql-wasm.wasm');
const insert = `INSERT INTO history_events (id, timestamp, source, connection_id, environment, action, key_or_pattern,
  duration_ms, status, attempts, correlation_id) VALUES (?, ?, 'app', ?, 'prod', ?, ?, 1.5, ?, 1, ?)`;

/** Writes a snapshot of a store with a million events that end now; returns its path and its connections. */
export async function fillStore(folder: string): Promise<{ snapshot: string; connections: string[] }> {
  const database = (await loadSqlite(wasmPath))();
  migrate(database, migrations, latestVersion(migrations));
  const connections = Array.from({ length: filled.connections }, () => systemRandom.id());
  addEvents(database, connections);
  writeSnapshot(nodeFiles, folder, snapshotName(2), database.export());
  database.close();
  return { snapshot: join(folder, snapshotName(2)), connections };
}

function addEvents(database: Sqlite, connections: readonly string[]): void {
  const start = Date.now() - filled.spanMs;
  const rollUp = new RollUp(database);
  database.run('BEGIN');
  // Without its values, so that the events are counted in the database.
  rollUp.expect([{ sql: insert, params: [] } satisfies Statement]);
  for (let i = 0; i < filled.events; i++) {
    const at = start + Math.floor((i * filled.spanMs) / filled.events);
    const action = i % 1000 === 0 ? 'key.rename' : i % 3 === 0 ? 'key.set' : 'key.get';
    const connection = connections[i % connections.length] ?? '';
    const status = i % 50 === 0 ? 'error' : 'success';
    const ids = [systemRandom.id(), systemRandom.id()] as const;
    database.run(insert, [ids[0], at, connection, action, `user:${i}`, status, ids[1]]);
  }
  rollUp.fold();
  database.run('COMMIT');
}

/** A client of the store of a folder, over the worker as the product has it. */
export function openClient(folder: string): StoreClient {
  const clientId = systemRandom.id();
  const workerPath = join(repositoryRoot, 'dist/storeWorker.js');
  const own = new OwnWorker({ workerPath, folder, wasmPath, clientId, log });
  const connect = ownerTransport({ folder, clientId, schema: latestVersion(migrations), own, log });
  return new StoreClient({ connect, clientId, clock: systemClock, timers: nodeTimers, log });
}

/** Loads a snapshot into this thread, for the floor. */
export async function loadSnapshot(file: string): Promise<Sqlite> {
  return (await loadSqlite(wasmPath))(readFileSync(file));
}

function quiet(): void {
  // Only what goes wrong belongs beside the figures.
}
