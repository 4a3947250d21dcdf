import * as vscode from 'vscode';
import type { Connection } from '../../engine/connections/connection';
import type { Connections } from '../../engine/connections/connections';
import type { NamespaceStore } from '../../engine/connections/stores';
import { isRefused, toEngineError, type EngineError } from '../../engine/kernel/errors';
import type { KeyListing } from '../../engine/keys/keyListing';
import type { KeyName } from '../../engine/kernel/keyName';
import { setContext } from '../contextKeys';
import { errorText } from '../messages';
import { plainError } from '../plainText';
import { delimiters } from '../settings';
import { matchesConnection } from './connectionFilter';
import {
  connectionNode,
  folderNode,
  keyNode,
  placeNode,
  placePrefix,
  type FolderNode,
  type Node,
  type NoteNode,
  type PlaceNode,
} from './nodes';
import { emptyNote, failureNote, hiddenDatabasesNote, offlineNote, scanNote } from './notes';
import type { Places } from './places';
import { TreeChanges } from './treeChanges';
import { resolveTooltip, treeItem, type ItemContext } from './treeItems';

export interface TreePorts {
  readonly connections: Connections;
  readonly namespaces: NamespaceStore;
  readonly places: Places;
  readonly items: ItemContext;
  readonly onError: (error: EngineError, connection: Connection) => void;
}

/** Shortest time between two redraws of a place whose scan goes on, milliseconds. */
const redrawMs = 300;

/** Connections, their databases and namespaces, prefix folders and keys. Holds no keys itself: `Places` does. */
export class ConnectionTree implements vscode.TreeDataProvider<Node> {
  private readonly changed = new vscode.EventEmitter<Node[] | undefined>();
  private readonly changes = new TreeChanges<Node>((nodes) => this.changed.fire(nodes));
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private readonly nodes = new Map<string, Node>();
  private filterText = '';

  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly ports: TreePorts) {}

  getTreeItem(node: Node): vscode.TreeItem {
    return treeItem(node, this.ports.items);
  }

  resolveTreeItem(
    item: vscode.TreeItem,
    node: Node,
    token: vscode.CancellationToken,
  ): Promise<vscode.TreeItem> {
    return resolveTooltip(item, node, token);
  }

  getParent(node: Node): Node | undefined {
    switch (node.kind) {
      case 'connection':
        return undefined;
      case 'place':
        return this.known(connectionNode(node.connection));
      case 'folder':
      case 'key':
        return this.parentFolder(node.place, node.above);
      case 'more':
      case 'note':
        return node.parent;
    }
  }

  async getChildren(node?: Node): Promise<Node[]> {
    try {
      const children = await this.changes.during(() => (node ? this.below(node) : this.roots()));
      return children.map((child) => this.keep(child));
    } catch (thrown) {
      throw plainError(errorText(toEngineError(thrown)));
    }
  }

  /** Limits the connections shown to those that match; empty shows all. */
  filterConnections(text: string): void {
    this.filterText = text.trim();
    setContext('cachify.connections.filtered', this.filterText !== '');
    this.refresh();
  }

  get connectionFilter(): string {
    return this.filterText;
  }

  /** Redraws one node and what is below it; without one, everything. */
  refresh(node?: Node): void {
    this.changes.changed(node && (this.nodes.get(node.id) ?? node));
  }

  /** Redraws a place soon; many calls make one redraw. */
  refreshSoon(node: Node): void {
    if (this.waiting.has(node.id)) return;
    const timer = setTimeout(() => {
      this.waiting.delete(node.id);
      this.refresh(node);
    }, redrawMs);
    this.waiting.set(node.id, timer);
  }

  dispose(): void {
    for (const timer of this.waiting.values()) clearTimeout(timer);
    this.changes.dispose();
    this.changed.dispose();
  }

  /**
   * One object an id, brought up to date: VS Code knows nodes by identity, and answers of calls that overtake one
   * another must not leave it with other objects than ours.
   */
  private keep(node: Node): Node {
    const known = this.nodes.get(node.id);
    if (known?.kind === node.kind) return Object.assign(known, node);
    this.nodes.set(node.id, node);
    return node;
  }

  /** The node under this id as it stands; the one at hand when there is none yet. */
  private known(node: Node): Node {
    return this.nodes.get(node.id) ?? this.keep(node);
  }

  private async roots(): Promise<Node[]> {
    const all = await this.ports.connections.list();
    setContext('cachify.loaded', true);
    setContext('cachify.connections.count', all.length);
    return all
      .filter((connection) => matchesConnection(connection.profile, this.filterText))
      .map(connectionNode);
  }

  private below(node: Node): Promise<Node[]> {
    if (node.kind === 'connection') return this.placesOf(node.connection);
    if (node.kind === 'place') return this.level(node, placePrefix(node), node);
    if (node.kind === 'folder') return this.level(node.place, node.prefix, node);
    return Promise.resolve([]);
  }

  private async placesOf(connection: Connection): Promise<Node[]> {
    if (connection.health.state === 'unknown') return [offlineNote(connectionNode(connection))];
    try {
      const [databases, namespaces] = await Promise.all([
        this.databases(connection),
        this.ports.namespaces.list(connection.profile.id),
      ]);
      const own = namespaces.map((namespace) => placeNode(connection, namespace.db, namespace));
      const { numbers, hidden } = databases;
      const places = [...numbers.map((db) => placeNode(connection, db)), ...own];
      return hidden === undefined
        ? places
        : [...places, hiddenDatabasesNote(connectionNode(connection), hidden)];
    } catch (thrown) {
      return [failureNote(connectionNode(connection), toEngineError(thrown))];
    }
  }

  /** The profile's own database, and every other that holds keys as far as the user may see. */
  private async databases(connection: Connection): Promise<{ numbers: number[]; hidden?: string }> {
    const numbers = new Set([connection.profile.dbIndex]);
    let hidden: string | undefined;
    try {
      const { value } = await connection.read(connection.profile.dbIndex, (reader, call) =>
        reader.databases(call),
      );
      for (const { db } of value) numbers.add(db);
    } catch (thrown) {
      const error = toEngineError(thrown);
      if (!isRefused(error)) throw thrown;
      hidden = errorText(error);
    }
    return { numbers: [...numbers].sort((a, b) => a - b), ...(hidden !== undefined && { hidden }) };
  }

  private async level(place: PlaceNode, prefix: KeyName, parent: PlaceNode | FolderNode): Promise<Node[]> {
    const listing = this.ports.places.listing(place);
    if (listing.progress.state === 'idle') await this.startScan(place, listing);
    const limit = this.ports.places.pageSize(parent.id);
    const page = await listing.level({ prefix, delimiters: delimiters(), limit });
    const { state } = listing.progress;
    // VS Code drops what is told of a node while it waits for its children: an answer that can change is not the last
    if (state === 'scanning') this.refreshSoon(place);
    const isExact = state === 'complete';
    const nodes = page.entries.map((entry): Node =>
      entry.kind === 'key'
        ? keyNode(place, entry.key, prefix)
        : folderNode(place, entry.prefix, prefix, entry.count, isExact),
    );
    if (page.hasMore) nodes.push({ kind: 'more', id: `${parent.id}/more`, parent });
    return parent.kind === 'place' ? [...nodes, ...this.notes(parent, listing, nodes.length === 0)] : nodes;
  }

  private notes(place: PlaceNode, listing: KeyListing, isEmpty: boolean): NoteNode[] {
    const note = scanNote(place, listing.progress);
    if (note) return [note];
    if (!isEmpty) return [];
    return [emptyNote(place, this.ports.places.filter(place), this.ports.items.isLocked(place.connection))];
  }

  /** Starts the scan and waits only for its first keys. */
  private startScan(place: PlaceNode, listing: KeyListing): Promise<void> {
    const first = new Promise<void>((resolve) => {
      const handle = listing.onChange(({ found, state }) => {
        if (found === 0 && state === 'scanning') return;
        handle.dispose();
        resolve();
      });
    });
    const scan = this.ports.places.scan(place).then(() => {
      const { cause } = listing.progress;
      // what cannot be done at all is told in the tree, where it stays
      const isFailure = listing.progress.state === 'failed' && cause?.code !== 'NOT_SUPPORTED';
      if (cause && isFailure) this.ports.onError(cause, place.connection);
    });
    return Promise.race([first, scan]);
  }

  private parentFolder(place: PlaceNode, above: KeyName): Node {
    if (above === placePrefix(place)) return this.known(place);
    return this.known(folderNode(place, above, this.prefixAbove(place, above), 0, false));
  }

  /** Prefix of the folder that holds a folder or a key. */
  prefixAbove(place: PlaceNode, name: KeyName): KeyName {
    const root = placePrefix(place);
    const inner = name.slice(root.length, -1);
    const cut = Math.max(...delimiters().map((delimiter) => inner.lastIndexOf(delimiter)));
    return (root + inner.slice(0, cut + 1)) as KeyName;
  }
}
