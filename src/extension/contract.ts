import type { Uri } from 'vscode';
import type { ConnectionNode, FolderNode, KeyNode, MoreNode, Node, PlaceNode } from './trees/nodes';

/** A command on one item of the tree; the palette calls it without one. */
type On<N extends Node> = [node?: N];
/** A command on one or several selected items. */
type OnMany<N extends Node> = [node?: N, selected?: readonly Node[]];

/** Every command and what it may be called with. package.json is checked against this list. */
export interface Commands {
  'cachify.connection.add': [];
  'cachify.connection.addInEditor': [];
  'cachify.connection.edit': On<ConnectionNode>;
  'cachify.connection.duplicate': On<ConnectionNode>;
  'cachify.connection.delete': On<ConnectionNode>;
  'cachify.connection.test': On<ConnectionNode>;
  'cachify.connection.connect': On<ConnectionNode>;
  'cachify.connection.disconnect': On<ConnectionNode>;
  'cachify.connection.filter': [];
  'cachify.connection.clearFilter': [];
  'cachify.connection.showStatus': [];
  'cachify.namespace.add': On<ConnectionNode>;
  'cachify.namespace.delete': On<PlaceNode>;
  'cachify.keys.refresh': [node?: ConnectionNode | PlaceNode | FolderNode];
  'cachify.keys.search': On<PlaceNode>;
  'cachify.keys.filterByType': On<PlaceNode>;
  'cachify.keys.clearFilter': On<PlaceNode>;
  'cachify.keys.openExact': On<PlaceNode>;
  'cachify.keys.saveSearch': On<PlaceNode>;
  'cachify.keys.openSearch': On<PlaceNode>;
  'cachify.keys.continueScan': On<PlaceNode>;
  'cachify.keys.cancelScan': On<PlaceNode>;
  'cachify.keys.loadMore': On<MoreNode>;
  'cachify.key.open': On<KeyNode>;
  'cachify.key.openAsDocument': On<KeyNode>;
  'cachify.key.showDump': On<KeyNode>;
  'cachify.key.new': [node?: PlaceNode | FolderNode];
  'cachify.key.rename': On<KeyNode>;
  'cachify.key.duplicate': On<KeyNode>;
  'cachify.key.setTtl': OnMany<KeyNode>;
  'cachify.key.removeTtl': OnMany<KeyNode>;
  'cachify.key.delete': OnMany<KeyNode>;
  'cachify.key.copyName': OnMany<KeyNode>;
  'cachify.key.copyRawName': On<KeyNode>;
  'cachify.key.reveal': [];
  'cachify.folder.delete': On<FolderNode>;
  'cachify.keys.export': OnMany<KeyNode | FolderNode | PlaceNode>;
  'cachify.keys.import': On<ConnectionNode | PlaceNode>;
  'cachify.key.copyTo': On<KeyNode>;
  'cachify.key.saveValue': On<KeyNode>;
  'cachify.key.loadValue': On<KeyNode>;
  'cachify.key.newFromFile': On<PlaceNode | FolderNode>;
  'cachify.key.copyValue': On<KeyNode>;
  'cachify.server.showInfo': On<ConnectionNode>;
  'cachify.document.compare': [uri?: Uri];
  'cachify.history.show': [];
  'cachify.history.pin': [];
  'cachify.history.export': [];
  'cachify.governance.show': [];
  'cachify.storage.show': [];
  'cachify.storage.reveal': [];
  'cachify.storage.backUp': [];
  'cachify.storage.verify': [];
  'cachify.log.show': [];
}

export type CommandId = keyof Commands;

/** Every setting and its type; defaults and limits stand in package.json. */
export interface Settings {
  /** Characters at which names are split into folders. */
  'cachify.tree.delimiters': readonly string[];
  /** Entries of a level that are shown before "Load more". */
  'cachify.tree.pageSize': number;
  /** Seconds a scan goes on before it pauses. */
  'cachify.scan.seconds': number;
  /** Paths of schemas by which protobuf values are shown. */
  'cachify.values.protobufSchemas': readonly string[];
  /** Where the key is kept that stored values are encrypted with. */
  'cachify.storage.payloadKey': 'keyring' | 'file';
}

/** Every context key and its type. */
export interface ContextKeys {
  'cachify.loaded': boolean;
  'cachify.connections.count': number;
  'cachify.connections.filtered': boolean;
  'cachify.trusted': boolean;
}
