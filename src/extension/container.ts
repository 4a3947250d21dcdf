import * as vscode from 'vscode';
import { join } from 'node:path';
import type { CacheProviderFactory } from '../engine/connections/cacheProvider';
import type { Connection } from '../engine/connections/connection';
import { Connections } from '../engine/connections/connections';
import type { Engine } from '../engine/connections/profile';
import { boundVault } from '../engine/connections/bindOldSecrets';
import { SecretResolver } from '../engine/connections/secretResolver';
import type { SecretVault } from '../engine/connections/stores';
import { systemClock, systemRandom } from '../engine/kernel/clock';
import type { Log } from '../engine/kernel/ports';
import { Recorder } from '../engine/kernel/recorder';
import { WriteGate } from '../engine/keys/guard';
import { WorkerViews } from '../providers/codecs/workerViews';
import type { Store } from '../providers/store/openStore';
import type { App } from './app';
import { askSecrets } from './askSecrets';
import { sweepSecretsLater } from './containerSecrets';
import { followStore, keepStore, type KeptStore } from './containerStore';
import { boundMark, channelLog, secretVault } from './host';
import { number } from './messages';
import { onceAWindow, showError, warn } from './prompts';
import { ViewPreferences } from './panels/viewPreferences';
import { readSchemas } from './protobufSchemas';
import { setting } from './settings';
import { StatusBar } from './statusBar';
import type { StorageNotices } from './storageNotices';
import { tellStoreFailure } from './storeTroubles';
import { editorNotices } from './registerStorage';
import { ConnectionDrag } from './trees/connectionDrag';
import { ConnectionTree } from './trees/connectionTree';
import { sealKeyOf } from './sealKey';
import type { PlaceNode } from './trees/nodes';
import { Places } from './trees/places';

/** Drivers are loaded with the first connection of their engine, never at activation. */
const factories: Readonly<Record<Engine, () => Promise<CacheProviderFactory>>> = {
  redis: async () => (await import('../providers/redis/redisProvider')).redisFactory,
  memcached: async () => (await import('../providers/memcached/memcachedProvider')).memcachedFactory,
};

/** Builds the object graph of one window and registers what must be freed with it. Opens nothing. */
export function createApp(context: vscode.ExtensionContext, channel: vscode.LogOutputChannel): App {
  const log = channelLog(channel);
  const notices = editorNotices();
  const kept = keepStore(context, log, notices);
  const { profiles, namespaces, searches, history, intents } = kept.store;
  const { secrets } = context;
  const vault = boundVault({ vault: secretVault(secrets), profiles, mark: boundMark(secrets), log });
  const engine = engineOf(kept, vault, notices, log);
  const showing = showingOf(kept.store, engine);
  const workerPath = join(context.extensionPath, 'dist', 'viewsWorker.js');
  const views = new WorkerViews({ workerPath, readSchemas });
  // last in, first out: views go before the connections they show, the store goes last
  context.subscriptions.push(
    kept,
    kept.store.onLink(() => void vault.bindOld()),
    sweepSecretsLater(kept.store, vault, log),
    views,
    ...followStore(kept.store, engine.connections, showing.tree, log),
    { dispose: () => engine.connections.dispose() },
    showing.status,
    showing.tree,
    showing.view,
  );
  const viewPreferences = new ViewPreferences(context.globalState);
  const stores = { profiles, namespaces, searches, history, vault, intents, storage: kept.parts };
  return {
    ...system,
    log,
    isTrusted,
    ...stores,
    sealKey: () => sealKeyOf(secrets, log),
    ...engine,
    ...showing,
    views,
    viewPreferences,
  };
}

const system = { clock: systemClock, random: systemRandom };
const isTrusted = (): boolean => vscode.workspace.isTrusted;

type EngineParts = Pick<App, 'secrets' | 'connections' | 'factories' | 'gate' | 'recorder'>;

/** What decides and acts. */
function engineOf(kept: KeptStore, vault: SecretVault, notices: StorageNotices, log: Log): EngineParts {
  const { store, collecting } = kept;
  const ports = { ...system, log };
  const tellHistoryFailure = onceAWindow(() => {
    warn(vscode.l10n.t('The history cannot be written. Work goes on, but is not recorded; see the log.'));
  });
  const isCollecting = (): boolean => collecting.isOn('timelineEvents');
  const recorder = new Recorder({ ...ports, history: store.history, isCollecting }, (error) => {
    if (!tellStoreFailure(error, notices)) tellHistoryFailure();
  });
  const secrets = new SecretResolver({ vault, ask: askSecrets, log });
  const connections = new Connections(store.profiles, { ...ports, factories, secrets, isTrusted });
  const gate = new WriteGate({ connections, recorder, isTrusted });
  return { secrets, connections, factories, gate, recorder };
}

/** What shows it: places, tree and status bar. */
function showingOf(
  store: Store,
  { connections, gate, recorder }: EngineParts,
): Pick<App, 'places' | 'tree' | 'view' | 'status'> {
  const isLocked = (connection: Connection): boolean => gate.lock(connection) !== undefined;
  const places = new Places(recorder, {
    budgetMs: () => setting('cachify.scan.seconds') * 1000,
    clock: systemClock,
    pageSize: () => setting('cachify.tree.pageSize'),
  });
  const items = {
    isLocked,
    filterOf: (place: PlaceNode) => places.filter(place),
    countOf: (place: PlaceNode) => countText(places, place),
    scanOf: (place: PlaceNode) => places.listing(place).progress.state,
  };
  const onError = (error: Parameters<typeof showError>[0], connection: Connection): void => {
    showError(error, connection.profile);
  };
  const tree = new ConnectionTree({ connections, namespaces: store.namespaces, places, items, onError });
  const view = vscode.window.createTreeView('cachify.keys', {
    treeDataProvider: tree,
    canSelectMany: true,
    showCollapseAll: true,
    dragAndDropController: new ConnectionDrag(connections, store.profiles),
  });
  return { places, tree, view, status: new StatusBar(connections, isLocked) };
}

/** Keys found so far; "≥" until the scan has ended. */
function countText(places: Places, place: PlaceNode): string | undefined {
  const { state, found } = places.listing(place).progress;
  if (state === 'idle') return undefined;
  return state === 'complete' ? number(found) : `≥ ${number(found)}`;
}
