import type { NamespaceStore, ProfileStore, SavedSearchStore } from '../../engine/connections/stores';
import { systemRandom } from '../../engine/kernel/clock';
import type { HistoryStore } from '../../engine/kernel/history';
import type { Disposable } from '../../engine/kernel/lifetime';
import type { Clock, Log } from '../../engine/kernel/ports';
import { StoredHistory } from './historyStore';
import { latestVersion } from './migrate';
import { migrations } from './migrations';
import { StoredNamespaces } from './namespaceStore';
import { ownerTransport } from './ownerTransport';
import { OwnWorker } from './ownWorker';
import { StoredProfiles } from './profileStore';
import { RowParser } from './rowParser';
import { StoredSearches } from './savedSearchStore';
import { StoreClient } from './storeClient';
import type { StoreChange } from './storeMessages';
import type { StoreStatus } from './storeStatus';
import type { StoreLink } from './storeTransport';
import { nodeTimers } from './timers';

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
  /** Tells when this window has found an owner of the store, or has become it. */
  onLink(listener: (link: StoreLink) => void): Disposable;
  /** Tells which tables were written to, and whether by this window. */
  onChange(listener: (change: StoreChange) => void): Disposable;
  /** Frees the store; calls made later are rejected. */
  close(): Promise<void>;
}

/** Prepares the store; the folder is touched, and a worker started if no other window has one, with the first call. */
export function openStore({ folder, workerPath, wasmPath, log, clock }: OpenStoreOptions): Store {
  const clientId = systemRandom.id();
  const own = new OwnWorker({ workerPath, folder, wasmPath, clientId, log });
  const connect = ownerTransport({ folder, clientId, schema: latestVersion(migrations), own });
  const client = new StoreClient({ connect, clientId, clock, timers: nodeTimers, log });
  const rows = new RowParser(log);
  return {
    profiles: new StoredProfiles(client, rows),
    namespaces: new StoredNamespaces(client, rows),
    searches: new StoredSearches(client, rows),
    history: new StoredHistory(client, rows),
    status: async () => ({ ...(await client.status()), unreadableRows: rows.unreadableRows }),
    onLink: client.onLink,
    onChange: client.onChange,
    close: () => client.close(),
  };
}
