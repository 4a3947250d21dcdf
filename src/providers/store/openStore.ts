import type {
  NamespaceStore,
  ProfileStore,
  SavedSearchStore,
  SecretIntents,
} from '../../engine/connections/stores';
import { systemRandom } from '../../engine/kernel/clock';
import type { LeaseStore } from '../../engine/kernel/leases';
import type { Disposable } from '../../engine/kernel/lifetime';
import type { PayloadKeys } from '../../engine/kernel/payloadKeys';
import type { Clock, Log } from '../../engine/kernel/ports';
import type { ActivityStore } from '../../engine/observability/activity';
import type { HoldStore } from '../../engine/retention/holds';
import type { PurgeCounts } from '../../engine/retention/purges';
import type { RetentionStore } from '../../engine/retention/retentionStore';
import type { Storage } from '../../engine/retention/storage';
import { StoredActivity } from './activityStore';
import { StoredHistory } from './historyStore';
import { StoredHolds } from './holdStore';
import { StoredLeases } from './leaseStore';
import { latestVersion } from './migrate';
import { migrations } from './migrations';
import { StoredNamespaces } from './namespaceStore';
import { type Payloads, openPayloads } from './openPayloads';
import { ownerTransport } from './ownerTransport';
import { OwnWorker } from './ownWorker';
import { StoredProfiles } from './profileStore';
import { StoredPurgeCounts } from './purgeCounts';
import { StoredRetention } from './retentionStore';
import { RowParser } from './rowParser';
import { StoredSearches } from './savedSearchStore';
import type { StoreUpkeep } from './storeAccess';
import { StoreClient } from './storeClient';
import type { StoreChange } from './storeMessages';
import { StoredSecretIntents } from './secretIntentStore';
import { StoredStorage } from './storedStorage';
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
  readonly keys: PayloadKeys;
  readonly log: Log;
  readonly clock: Clock;
}

/** Everything the product keeps, by feature. */
export interface Store {
  readonly profiles: ProfileStore;
  readonly namespaces: NamespaceStore;
  readonly searches: SavedSearchStore;
  readonly intents: SecretIntents;
  readonly history: StoredHistory;
  readonly activity: ActivityStore;
  readonly payloads: Payloads;
  readonly leases: LeaseStore;
  readonly retention: RetentionStore;
  readonly purgeCounts: PurgeCounts;
  readonly holds: HoldStore;
  readonly storage: Storage;
  readonly upkeep: StoreUpkeep;
  /** This window, as leases name it. */
  readonly holder: string;
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
export function openStore({ folder, workerPath, wasmPath, keys, log, clock }: OpenStoreOptions): Store {
  const holder = systemRandom.id();
  const own = new OwnWorker({ workerPath, folder, wasmPath, clientId: holder, log });
  const connect = ownerTransport({ folder, clientId: holder, schema: latestVersion(migrations), own, log });
  const client = new StoreClient({ connect, clientId: holder, clock, timers: nodeTimers, log });
  const rows = new RowParser(log);
  const leases = new StoredLeases(client, clock);
  const payloads = openPayloads({
    access: client,
    folder,
    keys,
    holder,
    leases,
    clock,
    timers: nodeTimers,
    log,
  });
  return {
    ...recordsOf(client, rows),
    intents: new StoredSecretIntents(client, { clock, random: systemRandom }),
    holder,
    leases,
    payloads,
    storage: new StoredStorage({ folder, client, payloads }),
    status: async () => ({ ...(await client.status()), unreadableRows: rows.unreadableRows }),
    onLink: client.onLink,
    onChange: client.onChange,
    close: () => client.close(),
  };
}

function recordsOf(
  client: StoreClient,
  rows: RowParser,
): Omit<
  Store,
  'intents' | 'holder' | 'leases' | 'payloads' | 'storage' | 'status' | 'onLink' | 'onChange' | 'close'
> {
  const upkeep: StoreUpkeep = {
    tableBytes: () => client.upkeep('tableBytes'),
    shrink: () => client.upkeep('shrink'),
  };
  return {
    profiles: new StoredProfiles(client, rows),
    namespaces: new StoredNamespaces(client, rows),
    searches: new StoredSearches(client, rows),
    history: new StoredHistory(client, rows),
    activity: new StoredActivity(client),
    retention: new StoredRetention(client, upkeep, rows),
    purgeCounts: new StoredPurgeCounts(client, upkeep),
    holds: new StoredHolds(client, rows),
    upkeep,
  };
}
