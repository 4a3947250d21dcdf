import { join } from 'node:path';
import { systemClock, systemRandom } from '../../../src/engine/kernel/clock';
import type { HistoryEvent } from '../../../src/engine/kernel/history';
import type { Log } from '../../../src/engine/kernel/ports';
import { type ConnectionProfile, profileDefaults } from '../../../src/engine/connections/profile';
import { latestVersion } from '../../../src/providers/store/migrate';
import { migrations } from '../../../src/providers/store/migrations';
import { type Store, openStore } from '../../../src/providers/store/openStore';
import { ownerTransport } from '../../../src/providers/store/ownerTransport';
import { OwnWorker } from '../../../src/providers/store/ownWorker';
import { StoreClient } from '../../../src/providers/store/storeClient';
import { nodeTimers } from '../../../src/providers/store/timers';
import { noKeys } from '../../helpers/noKeys';
import { repositoryRoot } from '../../helpers/repository';

/** The worker as `tsc` compiled it. */
export const workerPath = join(repositoryRoot, 'out/src/providers/store/worker.js');

/** SQLite as the tests of this folder load it. */
export const wasmPath = join(repositoryRoot, 'node_modules/sql.js/dist/sql-wasm.wasm');

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** The store as the extension opens it. */
export function realStore(folder: string, log: Log = silent): Store {
  return openStore({ folder, workerPath, wasmPath, keys: noKeys, log, clock: systemClock });
}

/** The client below it, for what has no store of its own. */
export function realClient(
  folder: string,
  clientId: string = systemRandom.id(),
  log: Log = silent,
): StoreClient {
  const own = new OwnWorker({ workerPath, folder, wasmPath, clientId, log });
  const connect = ownerTransport({ folder, clientId, schema: latestVersion(migrations), own, log });
  return new StoreClient({ connect, clientId, clock: systemClock, timers: nodeTimers, log });
}

/** A profile with this id. */
export function someProfile(id: string, changes: Partial<ConnectionProfile> = {}): ConnectionProfile {
  return { ...profileDefaults('redis'), id, name: id, order: 0, createdAt: 1, updatedAt: 2, ...changes };
}

/** An event with this id. */
export function someEvent(id: string, changes: Partial<HistoryEvent> = {}): HistoryEvent {
  return {
    id,
    timestamp: 1_700_000_000_123,
    source: 'app',
    action: 'key.delete',
    durationMs: 1.25,
    status: 'success',
    attempts: 1,
    correlationId: `for-${id}`,
    ...changes,
  };
}
