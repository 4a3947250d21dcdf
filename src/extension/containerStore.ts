import * as vscode from 'vscode';
import { join } from 'node:path';
import type { Connections } from '../engine/connections/connections';
import { systemClock } from '../engine/kernel/clock';
import { toEngineError } from '../engine/kernel/errors';
import { Lifetime, type Disposable } from '../engine/kernel/lifetime';
import type { Log } from '../engine/kernel/ports';
import { CollectingSwitch } from '../engine/retention/collecting';
import { openStore, type Store } from '../providers/store/openStore';
import { damageFound } from '../providers/store/storeStatus';
import { askPayloadKey } from './askPayloadKey';
import { keepRetention } from './containerRetention';
import { keyFilesIn } from './payloadKeyFiles';
import { HostPayloadKeys } from './payloadKeys';
import { setting } from './settings';
import type { StorageNotices } from './storageNotices';
import type { StorageParts } from './storageParts';
import { tellStanding } from './storeTroubles';

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
  const parts = keepRetention({ store, collecting, life, log, notices });
  life.own(store.onLink(({ isOwner }) => void tellState(store, isOwner, notices, log)));
  return { store, parts, collecting, dispose: () => life.dispose() };
}

/** Tells where the store stands, as far as a person has to know. */
async function tellState(store: Store, isOwner: boolean, notices: StorageNotices, log: Log): Promise<void> {
  try {
    const { frozenReason, damage } = await store.status();
    tellStanding({ isOwner, damage: damageFound(damage), frozenReason }, notices);
  } catch (thrown) {
    log.debug('The state of the store could not be asked for', { error: toEngineError(thrown).message });
  }
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
