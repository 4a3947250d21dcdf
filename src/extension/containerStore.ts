import * as vscode from 'vscode';
import { join } from 'node:path';
import type { Connections } from '../engine/connections/connections';
import { systemClock, systemRandom } from '../engine/kernel/clock';
import { type EngineError, cancelled, toEngineError } from '../engine/kernel/errors';
import { Lifetime, type Disposable } from '../engine/kernel/lifetime';
import type { Log } from '../engine/kernel/ports';
import { CollectingSwitch } from '../engine/retention/collecting';
import { RetentionEnforcer } from '../engine/retention/enforcer';
import { exportHistory } from '../engine/retention/exportHistory';
import { ManagedRetention } from '../engine/retention/managedRetention';
import { PurgeRuns } from '../engine/retention/purges';
import { openStore, type Store } from '../providers/store/openStore';
import { nodeTimers } from '../providers/store/timers';
import { askPayloadKey } from './askPayloadKey';
import { keyFilesIn } from './payloadKeyFiles';
import { HostPayloadKeys } from './payloadKeys';
import { setting } from './settings';
import type { StorageNotices } from './storageNotices';
import type { StorageParts } from './storageParts';

/** Payload files that nothing refers to are looked for this long after the store was first reached, milliseconds. */
const sweepAfterMs = 60_000;

/** Tables whose change tells that retention was decided anew or was at work. */
const retentionTables = ['retention_policies', 'retention_state', 'holds'];

/** What a window keeps, and what keeps that within bounds. */
export interface KeptStore extends Disposable {
  readonly store: Store;
  readonly parts: StorageParts;
  readonly collecting: CollectingSwitch;
}

/** Prepares the store in the editor's folder for us; nothing runs before it is first asked. */
export function keepStore(context: vscode.ExtensionContext, log: Log, notices: StorageNotices): KeptStore {
  const folder = context.globalStorageUri.fsPath;
  const store = openStore({
    folder,
    workerPath: join(context.extensionPath, 'dist', 'storeWorker.js'),
    wasmPath: join(context.extensionPath, 'dist', 'sql-wasm.wasm'),
    keys: new HostPayloadKeys({
      secrets: context.secrets,
      files: keyFilesIn(folder),
      place: () => setting('cachify.storage.payloadKey'),
      mayForget: vscode.env.uiKind === vscode.UIKind.Web,
      onForgotten: askPayloadKey,
    }),
    log,
    clock: systemClock,
  });
  const life = new Lifetime();
  life.own({ dispose: () => store.close() });
  const collecting = new CollectingSwitch();
  const parts = partsOf(store, collecting, life, log, notices);
  return { store, parts, collecting, dispose: () => life.dispose() };
}

function partsOf(
  store: Store,
  collecting: CollectingSwitch,
  life: Lifetime,
  log: Log,
  notices: StorageNotices,
): StorageParts {
  const { holds, leases, holder, purgeCounts: counts } = store;
  // Payload files go with the rows that named them.
  const upkeep = {
    shrink: async () => {
      await store.payloads.sweep();
      return store.upkeep.shrink();
    },
  };
  const ports = { clock: systemClock, timers: nodeTimers, log };
  const enforcer = new RetentionEnforcer({
    ...ports,
    store: store.retention,
    upkeep,
    leases,
    holder,
    collecting,
  });
  const retention = new ManagedRetention({
    store: store.retention,
    counts,
    collecting,
    onEvent: enforcer.onEvent,
    onWritten: (listener) =>
      store.onChange(({ tables }) => {
        if (tables.some((table) => retentionTables.includes(table))) listener();
      }),
    clock: systemClock,
  });
  const purges = new PurgeRuns({
    store: store.retention,
    counts,
    holds,
    upkeep,
    clock: systemClock,
    random: systemRandom,
  });
  life.own(retention);
  life.own(enforcer);
  life.own(enforcer.onEvent((event) => notices.notify(event)));
  life.own(onFirstLink(store, () => begin(store, enforcer, life, log)));
  life.own(store.onLink(({ isOwner }) => void tellState(store, isOwner, notices, log)));
  return {
    retention,
    purges,
    holds,
    storage: store.storage,
    exportHistory: exportOf(store),
    timers: nodeTimers,
  };
}

function exportOf({ history }: Store): StorageParts['exportHistory'] {
  return async ({ write, onProgress, signal }) => {
    const { events, isCancelled } = await exportHistory(history, { write }, onProgress, signal);
    if (isCancelled) throw cancelled('The export');
    return { events };
  };
}

/** What runs in the background begins when the store was first reached, not with the window. */
function begin(store: Store, enforcer: RetentionEnforcer, life: Lifetime, log: Log): void {
  enforcer.start();
  life.own(
    nodeTimers.after(sweepAfterMs, () => {
      store.payloads.sweep().catch((thrown: unknown) => {
        log.warn('Payload files could not be looked through', { error: toEngineError(thrown).message });
      });
    }),
  );
}

function onFirstLink(store: Store, work: () => void): Disposable {
  const listener = store.onLink(() => {
    listener.dispose();
    work();
  });
  return listener;
}

/** Tells what was lost when this window opened the store, and why nothing can be saved. */
async function tellState(store: Store, isOwner: boolean, notices: StorageNotices, log: Log): Promise<void> {
  try {
    const { frozenReason } = await store.status();
    const { damage } = await store.storage.status();
    if (isOwner && damage.length > 0) notices.notify({ kind: 'damaged', damage });
    if (frozenReason !== undefined) tellStoreFailure({ reason: frozenReason }, notices);
  } catch (thrown) {
    log.debug('The state of the store could not be asked for', { error: toEngineError(thrown).message });
  }
}

/** Tells why nothing can be saved, if that is about the store as a whole; false when it is not. */
export function tellStoreFailure({ reason }: Pick<EngineError, 'reason'>, notices: StorageNotices): boolean {
  const kinds = {
    'store-full': 'storeFull',
    'store-newer': 'newer',
    'store-other-version': 'otherBuild',
  } as const;
  const kind = Object.entries(kinds).find(([each]) => each === reason)?.[1];
  if (kind === undefined) return false;
  notices.notify({ kind });
  return true;
}

/** Keeps connections and tree in step with what other windows save. */
export function followStore(
  store: Store,
  connections: Pick<Connections, 'reload'>,
  tree: { refresh(): void },
  log: Log,
): Disposable[] {
  const reload = async (): Promise<void> => {
    try {
      await connections.reload();
    } catch (thrown) {
      log.error('Connections could not be reloaded', { message: toEngineError(thrown).message });
    }
  };
  let seenEpoch: number | undefined;
  return [
    // what was written between two owners was not told
    store.onLink(({ epoch }) => {
      if (seenEpoch !== undefined && seenEpoch !== epoch) void reload();
      seenEpoch = epoch;
    }),
    store.onChange(({ tables, isOwn }) => {
      if (isOwn) return;
      if (tables.includes('profiles')) void reload();
      else if (tables.includes('namespaces')) tree.refresh();
    }),
  ];
}
