import * as vscode from 'vscode';
import type { Connection } from '../../engine/connections/connection';
import { keyLabel } from '../../engine/keys/keyLabel';
import type { ListingProgress } from '../../engine/keys/keyListing';
import type { KeyName } from '../../engine/kernel/keyName';
import { addressOf, environmentWord, number, placeName, stateText } from '../messages';
import { plainLine } from '../plainText';
import type { ConnectionNode, FolderNode, KeyNode, MoreNode, Node, NoteNode, PlaceNode } from './nodes';
import type { PlaceFilter } from './places';
import { connectionTooltip, keyTooltip } from './tooltips';

const t = vscode.l10n.t;

/** What items need to know beside their node. */
export interface ItemContext {
  /** Whether nothing can be written on this connection now. */
  readonly isLocked: (connection: Connection) => boolean;
  readonly filterOf: (place: PlaceNode) => PlaceFilter;
  /** Keys found so far, as text, or undefined before the first look. */
  readonly countOf: (place: PlaceNode) => string | undefined;
  readonly scanOf: (place: PlaceNode) => ListingProgress['state'];
}

const { None, Collapsed } = vscode.TreeItemCollapsibleState;

/** How a node looks. Asks nothing of a server. */
export function treeItem(node: Node, context: ItemContext): vscode.TreeItem {
  const item = itemOf(node, context);
  item.id = node.id;
  return item;
}

/** The tooltip, made when it is first looked at. */
export async function resolveTooltip(
  item: vscode.TreeItem,
  node: Node,
  token: vscode.CancellationToken,
): Promise<vscode.TreeItem> {
  if (node.kind === 'connection') item.tooltip = await connectionTooltip(node.connection, token);
  if (node.kind === 'key') item.tooltip = await keyTooltip(node, token);
  return item;
}

/** Words that menus match on, sorted, e.g. `dev;key;redis;writable`. */
export function contextValue(...words: readonly string[]): string {
  return [...words].sort().join(';');
}

function itemOf(node: Node, context: ItemContext): vscode.TreeItem {
  switch (node.kind) {
    case 'connection':
      return connectionItem(node, context);
    case 'place':
      return placeItem(node, context);
    case 'folder':
      return folderItem(node, context);
    case 'key':
      return keyItem(node, context);
    case 'more':
      return moreItem(node);
    case 'note':
      return noteItem(node);
  }
}

function words(connection: Connection, context: ItemContext): string[] {
  const { profile } = connection;
  return [profile.engine, profile.environment, context.isLocked(connection) ? 'locked' : 'writable'];
}

function connectionItem({ connection }: ConnectionNode, context: ItemContext): vscode.TreeItem {
  const { profile, health } = connection;
  const item = new vscode.TreeItem(plainLine(profile.name), Collapsed);
  const lock = context.isLocked(connection) ? t('read-only') : '';
  const parts = [
    environmentWord(profile),
    lock,
    addressOf(profile),
    health.state === 'unknown' ? '' : stateText(connection),
  ];
  item.description = plainLine(parts.filter(Boolean).join(' · '));
  item.iconPath = new vscode.ThemeIcon(connectionIcon(connection), environmentColor(connection));
  item.contextValue = contextValue(
    'connection',
    connection.isOpen ? 'open' : 'closed',
    ...words(connection, context),
  );
  item.accessibilityInformation = {
    label: [
      t('connection {0}', profile.name),
      profile.engine,
      profile.environment,
      stateText(connection),
      lock,
    ]
      .filter(Boolean)
      .join(', '),
  };
  return item;
}

function connectionIcon({ health }: Connection): string {
  if (health.state === 'connecting') return 'loading~spin';
  if (health.state === 'degraded') return 'warning';
  if (health.state === 'unreachable') return 'error';
  return health.state === 'connected' ? 'database' : 'debug-disconnect';
}

function environmentColor({ profile }: Connection): vscode.ThemeColor {
  return new vscode.ThemeColor(`cachify.environment.${profile.environment}`);
}

function placeItem(place: PlaceNode, context: ItemContext): vscode.TreeItem {
  const { namespace, connection } = place;
  const item = new vscode.TreeItem(plainLine(placeName(place)), Collapsed);
  const filter = context.filterOf(place);
  const limits = [filter.text, filter.type].filter(Boolean).join(' · ');
  const seen = [context.countOf(place), limits && t('filter: {0}', limits)].filter(Boolean);
  item.description = plainLine(seen.join(' · '));
  item.iconPath = new vscode.ThemeIcon(namespace ? 'bookmark' : 'layers');
  if (connection.profile.engine === 'memcached') {
    item.tooltip = t(
      'Memcached lists its keys while it goes on working: items added meanwhile may be missing.',
    );
  }
  const filtered = limits ? ['filtered'] : [];
  item.contextValue = contextValue(
    'place',
    namespace ? 'namespace' : 'db',
    ...filtered,
    ...scanWords(context.scanOf(place)),
    ...words(connection, context),
  );
  item.accessibilityInformation = {
    label: [
      t('{0} of {1}', spokenPlace(place), connection.profile.name),
      connection.profile.environment,
      ...seen,
    ].join(', '),
  };
  return item;
}

/** What the menu can do about the scan of a place. */
function scanWords(state: ListingProgress['state']): string[] {
  if (state === 'scanning') return ['scanning'];
  return state === 'idle' || state === 'complete' ? [] : ['resumable'];
}

/** A database is read out as a word; Memcached has none: all its keys are one place. */
function spokenPlace(place: PlaceNode): string {
  const isDatabase = !place.namespace && place.connection.profile.engine === 'redis';
  return isDatabase ? t('database {0}', place.db) : placeName(place);
}

/** What is left of a name below its folder. */
function tail(name: KeyName, above: KeyName): string {
  return keyLabel(name.slice(above.length) as KeyName);
}

function folderItem(node: FolderNode, context: ItemContext): vscode.TreeItem {
  const item = new vscode.TreeItem(tail(node.prefix, node.above), Collapsed);
  item.description = node.isExact ? number(node.count) : t('≥ {0}', number(node.count));
  item.iconPath = vscode.ThemeIcon.Folder;
  item.contextValue = contextValue('folder', ...words(node.place.connection, context));
  const { spoken, tooltip } = folderTexts(node);
  item.accessibilityInformation = { label: spoken };
  item.tooltip = tooltip;
  return item;
}

/** How many keys a folder holds, read out and on hover. */
function folderTexts({ prefix, count, isExact }: FolderNode): { spoken: string; tooltip: string } {
  const label = keyLabel(prefix);
  if (isExact && count === 1)
    return { spoken: t('folder {0}, 1 key', label), tooltip: t('1 key starts with {0}', label) };
  if (isExact)
    return {
      spoken: t('folder {0}, {1} keys', label, number(count)),
      tooltip: t('{0} keys start with {1}', number(count), label),
    };
  return {
    spoken: t('folder {0}, {1} keys or more', label, number(count)),
    tooltip: t('{0} or more keys start with {1}: the scan has not ended', number(count), label),
  };
}

/** Longest label: what is beyond it is in the tooltip and in the value panel. */
const longestLabel = 200;

function keyItem(node: KeyNode, context: ItemContext): vscode.TreeItem {
  const label = tail(node.key, node.above);
  const item = new vscode.TreeItem(
    label.length > longestLabel ? `${label.slice(0, longestLabel)}…` : label,
    None,
  );
  const { connection } = node.place;
  item.iconPath = new vscode.ThemeIcon('key');
  item.contextValue = contextValue('key', ...words(connection, context));
  item.command = { command: 'cachify.key.open', title: t('Open Value'), arguments: [node] };
  const name = keyLabel(node.key).slice(0, longestLabel);
  item.accessibilityInformation = { label: t('key {0}, {1}', name, connection.profile.environment) };
  return item;
}

function moreItem(node: MoreNode): vscode.TreeItem {
  const item = new vscode.TreeItem(t('Load more…'), None);
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = { command: 'cachify.keys.loadMore', title: t('Load More'), arguments: [node] };
  item.contextValue = 'more';
  return item;
}

function noteItem(node: NoteNode): vscode.TreeItem {
  const item = new vscode.TreeItem('', None);
  const text = plainLine(node.text);
  item.description = text;
  item.iconPath = new vscode.ThemeIcon(node.icon);
  item.tooltip = text;
  item.accessibilityInformation = { label: text };
  item.contextValue = 'note';
  if (node.command) item.command = { command: node.command, title: text, arguments: [node.parent] };
  return item;
}
