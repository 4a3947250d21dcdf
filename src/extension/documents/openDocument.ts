import * as vscode from 'vscode';
import { EngineError } from '../../engine/kernel/errors';
import { keyBytes } from '../../engine/kernel/keyName';
import type { App } from '../app';
import { errorText } from '../messages';
import { inform } from '../prompts';
import type { KeyNode } from '../trees/nodes';
import { readOnlyText } from './documentMessages';
import { documentUri, lookAt, requireOpen, valueScheme, type DocumentPlace } from './documentPlace';
import type { DocumentElement } from './documentTarget';

/** Languages of value documents; the settings that keep bytes as they are belong to them. */
export const valueLanguages = { plain: 'cachify-value', json: 'cachify-value-json' } as const;

/** Opens a value, or one hash field or stream entry of it, in an editor of its own; says why if it is read-only. */
export async function openDocument(
  app: App,
  node: KeyNode,
  element?: DocumentElement,
  scheme: string = valueScheme,
): Promise<vscode.TextDocument> {
  const place = placeOfNode(node, element);
  requireOpen(place.connection);
  const content = await lookAt(app, place);
  if (content.readOnly === 'binary')
    throw new EngineError('VALIDATION_ERROR', 'invalid', readOnlyText(content.readOnly));
  const opened = await vscode.workspace.openTextDocument(documentUri(place, scheme));
  const language = (await content.isJson()) ? valueLanguages.json : valueLanguages.plain;
  const document = await vscode.languages.setTextDocumentLanguage(opened, language);
  await vscode.window.showTextDocument(document, { preview: false });
  const lock = app.gate.lock(place.connection);
  if (content.readOnly) inform(readOnlyText(content.readOnly));
  else if (lock) inform(errorText(lock));
  return document;
}

/** The place of a key of the tree, or of an element of it. */
export function placeOfNode({ key, place }: KeyNode, element?: DocumentElement): DocumentPlace {
  const { connection, db, namespace } = place;
  const target = {
    connectionId: connection.profile.id,
    db,
    key: keyBytes(key),
    ...(namespace && { namespaceId: namespace.id }),
    ...(element && { element }),
  };
  return { target, connection, ...(namespace && { namespace }) };
}
