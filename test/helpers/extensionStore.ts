import { join } from 'node:path';
import { systemClock } from '../../src/engine/kernel/clock';
import type { Log } from '../../src/engine/kernel/ports';
import { type Store, openStore } from '../../src/providers/store/openStore';
import { noKeys } from './noKeys';
import { repositoryRoot } from './repository';

const extensionId = 'cachify.cachify-studio';

/** The folder in which the extension keeps its store, below a user data folder of VS Code. */
export function storeFolder(userFolder: string): string {
  return join(userFolder, 'globalStorage', extensionId);
}

/** The same, below the data folder of an editor server. */
export function serverStoreFolder(dataDir: string): string {
  return storeFolder(join(dataDir, 'data/User'));
}

/** Opens the store of an extension that does not run, lets `work` use it, and closes it. */
export async function withStore<T>(folder: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = openStore({
    folder,
    workerPath: join(repositoryRoot, 'out/src/providers/store/worker.js'),
    wasmPath: join(repositoryRoot, 'node_modules/sql.js/dist/sql-wasm.wasm'),
    keys: noKeys,
    log: quiet,
    clock: systemClock,
  });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

const nothing = (): void => undefined;
const quiet: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
