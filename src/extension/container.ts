import * as vscode from 'vscode';
import type { CacheProviderFactory } from '../engine/connections/cacheProvider';
import type { Connection } from '../engine/connections/connection';
import { Connections } from '../engine/connections/connections';
import type { Engine } from '../engine/connections/profile';
import { SecretResolver } from '../engine/connections/secretResolver';
import { systemClock, systemRandom } from '../engine/kernel/clock';
import { Recorder } from '../engine/kernel/recorder';
import { WriteGate } from '../engine/keys/guard';
import type { App } from './app';
import { askSecrets } from './askSecrets';
import { followStore, keepStore } from './containerStore';
import { channelLog, secretVault } from './host';
import { number } from './messages';
import { onceAWindow, showError, warn } from './prompts';
import { lazyViews } from './lazyViews';
import { ViewPreferences } from './panels/viewPreferences';
import { readSchemas } from './protobufSchemas';
import { setting } from './settings';
import { StatusBar } from './statusBar';
import { tellStoreFailure } from './storeTroubles';
import { editorNotices } from './registerStorage';
import { ConnectionDrag } from './trees/connectionDrag';
import { ConnectionTree } from './trees/connectionTree';
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
  const { store } = kept;
  const ports = { clock: systemClock, random: systemRandom, log };
  const isTrusted = (): boolean => vscode.workspace.isTrusted;
  const tellHistoryFailure = onceAWindow(() => {
    warn(vscode.l10n.t('The history cannot be written. Work goes on, but is not recorded; see the log.'));
  });
  const isCollecting = (): boolean => kept.collecting.isOn('timelineEvents');
  const recorder = new Recorder({ ...ports, history: store.history, isCollecting }, (error) => {
    if (!tellStoreFailure(error, notices)) tellHistoryFailure();
  });
  const vault = secretVault(context.secrets);
  const secrets = new SecretResolver({ vault, ask: askSecrets, log });
  const connections = new Connections(store.profiles, { ...ports, factories, secrets, isTrusted });
  const gate = new WriteGate({ connections, recorder, isTrusted });
  const isLocked = (connection: Connection): boolean => gate.lock(connection) !== undefined;
  const status = new StatusBar(connections, isLocked);
  const places = new Places(recorder, {
    budget: () => setting('cachify.scan.budget'),
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
  // last in, first out: views go before the connections they show, the store goes last
  context.subscriptions.push(
    kept,
    ...followStore(store, connections, tree, log),
    { dispose: () => connections.dispose() },
    status,
    tree,
    view,
  );
  const { profiles, namespaces, searches, history } = store;
  const stores = { profiles, namespaces, searches, history, vault, storage: kept.parts };
  const engine = { secrets, connections, factories, gate, recorder };
  const views = lazyViews(async () => {
    const { createValueViews } = await import('../providers/codecs/createValueViews');
    return createValueViews({ readSchemas });
  });
  const viewPreferences = new ViewPreferences(context.globalState);
  const showing = { places, tree, view, status, views, viewPreferences };
  return { ...ports, ...stores, ...engine, ...showing, isTrusted };
}

/** Keys found so far; "≥" until the scan has ended. */
function countText(places: Places, place: PlaceNode): string | undefined {
  const { state, found } = places.listing(place).progress;
  if (state === 'idle') return undefined;
  return state === 'complete' ? number(found) : `≥ ${number(found)}`;
}
