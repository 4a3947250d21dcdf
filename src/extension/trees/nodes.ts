import type { Connection } from '../../engine/connections/connection';
import type { Namespace } from '../../engine/connections/namespace';
import { keyBytes, keyName, type KeyName } from '../../engine/kernel/keyName';

/** A saved connection. */
export interface ConnectionNode {
  readonly kind: 'connection';
  readonly id: string;
  readonly connection: Connection;
}

/** A logical database or a namespace of a connection: where keys are listed. */
export interface PlaceNode {
  readonly kind: 'place';
  readonly id: string;
  readonly connection: Connection;
  readonly db: number;
  readonly namespace?: Namespace;
}

/** All keys whose names start with `prefix`, which ends with a delimiter. */
export interface FolderNode {
  readonly kind: 'folder';
  readonly id: string;
  readonly place: PlaceNode;
  readonly prefix: KeyName;
  /** Prefix of the folder above. */
  readonly above: KeyName;
  readonly count: number;
  readonly isExact: boolean;
}

export interface KeyNode {
  readonly kind: 'key';
  readonly id: string;
  readonly place: PlaceNode;
  readonly key: KeyName;
  readonly above: KeyName;
}

/** "Load more" at the end of a level. */
export interface MoreNode {
  readonly kind: 'more';
  readonly id: string;
  readonly parent: PlaceNode | FolderNode;
}

/** A line of text: progress, an empty level, a failure with the command that goes on. */
export interface NoteNode {
  readonly kind: 'note';
  readonly id: string;
  readonly parent: ConnectionNode | PlaceNode;
  readonly text: string;
  readonly icon: string;
  readonly command?:
    | 'cachify.keys.continueScan'
    | 'cachify.keys.cancelScan'
    | 'cachify.keys.openExact'
    | 'cachify.keys.clearFilter'
    | 'cachify.connection.connect'
    | 'cachify.key.new';
}

export type Node = ConnectionNode | PlaceNode | FolderNode | KeyNode | MoreNode | NoteNode;

export function connectionNode(connection: Connection): ConnectionNode {
  return { kind: 'connection', id: `conn:${connection.profile.id}`, connection };
}

export function placeNode(connection: Connection, db: number, namespace?: Namespace): PlaceNode {
  const part = namespace ? `ns:${namespace.id}` : `db:${db}`;
  return {
    kind: 'place',
    id: `conn:${connection.profile.id}/${part}`,
    connection,
    db,
    ...(namespace && { namespace }),
  };
}

export function keyNode(place: PlaceNode, key: KeyName, above: KeyName): KeyNode {
  return { kind: 'key', id: `${place.id}/k:${keyBytes(key).toString('base64url')}`, place, key, above };
}

export function folderNode(
  place: PlaceNode,
  prefix: KeyName,
  above: KeyName,
  count: number,
  isExact: boolean,
): FolderNode {
  const id = `${place.id}/f:${keyBytes(prefix).toString('base64url')}`;
  return { kind: 'folder', id, place, prefix, above, count, isExact };
}

/** Prefix that every key of a place shares. */
export function placePrefix(place: PlaceNode): KeyName {
  return keyName(Buffer.from(place.namespace?.prefix ?? '', 'base64'));
}

/** The place a node belongs to; undefined for a connection. */
export function placeOf(node: Node): PlaceNode | undefined {
  if (node.kind === 'place') return node;
  if (node.kind === 'folder' || node.kind === 'key') return node.place;
  if (node.kind === 'more') return placeOf(node.parent);
  return node.kind === 'note' && node.parent.kind === 'place' ? node.parent : undefined;
}
