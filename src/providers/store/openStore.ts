import type { NamespaceStore, ProfileStore, SavedSearchStore } from '../../engine/connections/stores';
import { systemRandom } from '../../engine/kernel/clock';
import type { HistoryStore } from '../../engine/kernel/history';
import type { Disposable } from '../../engine/kernel/lifetime';
import type { Clock, Log } from '../../engine/kernel/ports';
import { StoredHistory } from './historyStore';
import { StoredNamespaces } from './namespaceStore';
import { StoredProfiles } from './profileStore';
import { RowParser } from './rowParser';
import { StoredSearches } from './savedSearchStore';
import { StoreClient } from './storeClient';
import type { StoreRole } from './storeMessages';
import type { StoreStatus } from './storeStatus';
import { workerTransport } from './workerTransport';

/** What the store needs of its host. */
export interface OpenStoreOptions {
  /** Folder of the store's files; made when missing. */
  readonly folder: string;
  /** The bundled worker script, and the WebAssembly file of SQLite. */
  readonly workerPath: string;
  readonly wasmPath: string;
  readonly log: Log;
  readonly clock: Clock;
}

/** Everything the product keeps, by feature. */
export interface Store {
  readonly profiles: ProfileStore;
  readonly namespaces: NamespaceStore;
  readonly searches: SavedSearchStore;
  readonly history: HistoryStore;
  /** Where the store stands, with the rows that could not be read so far. */
  status(): Promise<StoreStatus & { readonly unreadableRows: number }>;
  /** Tells when this window becomes the owner of the store, or a reader because another window is. */
  onRole(listener: (role: StoreRole) => void): Disposable;
  /** Ends the worker and frees the files; calls made later are rejected. */
  close(): Promise<void>;
}

/** Prepares the store; the worker starts, and the folder is touched, with the first call that needs it. */
export function openStore({ folder, workerPath, wasmPath, log, clock }: OpenStoreOptions): Store {
  const clientId = systemRandom.id();
  const connect = workerTransport(workerPath, { folder, wasmPath, clientId });
  const client = new StoreClient({ connect, clientId, clock, log });
  const rows = new RowParser(log);
  return {
    profiles: new StoredProfiles(client, rows),
    namespaces: new StoredNamespaces(client, rows),
    searches: new StoredSearches(client, rows),
    history: new StoredHistory(client, rows),
    status: async () => ({ ...(await client.status()), unreadableRows: rows.unreadableRows }),
    onRole: client.onRole,
    close: () => client.close(),
  };
}
