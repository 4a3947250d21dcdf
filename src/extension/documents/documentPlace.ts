import * as vscode from 'vscode';
import type { CacheReader, CallOptions } from '../../engine/connections/cacheProvider';
import type { Connection } from '../../engine/connections/connection';
import type { Namespace } from '../../engine/connections/namespace';
import { EngineError, invalid } from '../../engine/kernel/errors';
import { keyName } from '../../engine/kernel/keyName';
import { keyLabel, nameOfBytes } from '../../engine/keys/keyLabel';
import type { App } from '../app';
import { placeName } from '../messages';
import { readContent, type DocumentContent } from './documentContent';
import {
  documentFolder,
  parseTarget,
  readablePath,
  targetQuery,
  type DocumentTarget,
} from './documentTarget';

const t = vscode.l10n.t;

/** Scheme of the documents that are values. */
export const valueScheme = 'cachify';

/** Where a document's value is: an open connection, and the namespace it was opened in. */
export interface DocumentPlace {
  readonly target: DocumentTarget;
  readonly connection: Connection;
  readonly namespace?: Namespace;
}

/** Address of the document of a value: readable in front, its whole identity in the query. */
export function documentUri(
  { target, connection, namespace }: DocumentPlace,
  scheme: string = valueScheme,
): vscode.Uri {
  const { db, key, element } = target;
  const place = placeName({ connection, db, ...(namespace && { namespace }) });
  const labels = [connection.profile.name, place, keyLabel(keyName(key))];
  if (element) labels.push(element.kind === 'hash' ? nameOfBytes(element.field) : element.id);
  return vscode.Uri.from({ scheme, path: readablePath(labels), query: targetQuery(target) });
}

/** The place an address names. Never connects: a closed connection is an error that says so. */
export async function placeOfUri(app: App, uri: vscode.Uri): Promise<DocumentPlace> {
  const target = parseTarget(uri.query);
  if (!uri.path.startsWith(`/${documentFolder}/`)) throw invalid(t('This address names no value'));
  const connection = await openConnection(app, target.connectionId);
  const { namespaceId } = target;
  const all = namespaceId === undefined ? [] : await app.namespaces.list(connection.profile.id);
  const namespace = all.find(({ id }) => id === namespaceId);
  return { target, connection, ...(namespace && { namespace }) };
}

/** The connection of an id. Never connects: one that is closed or deleted is an error that says so. */
export async function openConnection(app: App, id: string): Promise<Connection> {
  await app.connections.list();
  const connection = app.connections.find(id);
  if (!connection) throw invalid(t('The connection of this document does not exist any more'));
  requireOpen(connection);
  return connection;
}

/** Rejects on a connection that is closed. */
export function requireOpen({ isOpen, profile }: Connection): void {
  if (isOpen) return;
  const message = t('{0} is not connected: connect it in the Cachify view', profile.name);
  throw new EngineError('CONNECTION_FAILED', 'dropped', message, { retryable: true });
}

/** Reads what a document shows, and records that it was read; rejects with CONFLICT `gone` when there is nothing. */
export async function readDocument(app: App, place: DocumentPlace): Promise<DocumentContent> {
  const { target, connection, namespace } = place;
  const { id, environment } = connection.profile;
  const operation = {
    action: 'value.read',
    connectionId: id,
    environment,
    namespace: namespace?.name ?? `db ${target.db}`,
    keyOrPattern: keyLabel(keyName(target.key)),
  };
  return app.recorder.during(operation, () => lookAt(app, place));
}

/** Reads what a document shows for what is known of it, such as its size: nobody gets to see it. */
export async function lookAt(app: App, { target, connection }: DocumentPlace): Promise<DocumentContent> {
  const read = (reader: CacheReader, call: CallOptions) =>
    readContent({ reader, views: app.views }, target, call);
  const { value } = await connection.read(target.db, read);
  if (value) return value;
  const label = keyLabel(keyName(target.key));
  throw new EngineError('CONFLICT', 'gone', t('{0} does not exist on the server any more', label));
}
