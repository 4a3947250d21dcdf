import * as vscode from 'vscode';
import { keyLabel } from '../../engine/keys/keyLabel';
import type { App } from '../app';
import { parseTarget, readablePath, targetQuery, type DocumentTarget } from '../documents/documentTarget';
import { panelFolder } from '../documents/documentTarget';
import { valueScheme } from '../documents/documentPlace';
import { placeOfNode } from '../documents/openDocument';
import { environmentWord, placeName } from '../messages';
import { keyName } from '../../engine/kernel/keyName';
import { keyNode, placeNode, placePrefix, type KeyNode } from '../trees/nodes';

/** The value panel's type, by which the editor knows it. */
export const valueViewType = 'cachify.value';

/** Longest name of a key in the title of its tab, characters. */
const titleLength = 40;

/**
 * Address of the panel of a key. It names the key as the address of its text document does, by the query, but is
 * another resource: the editor keeps undo, saving and the dirty state apart by the address.
 */
export function panelUri(node: KeyNode): vscode.Uri {
  const { connection } = node.place;
  const label = keyLabel(node.key);
  const short = label.length > titleLength ? `${label.slice(0, titleLength)}…` : label;
  const title = `${short} · ${environmentWord(connection.profile)}`;
  return vscode.Uri.from({
    scheme: valueScheme,
    path: readablePath([connection.profile.name, placeName(node.place), title], panelFolder),
    query: targetQuery(placeOfNode(node).target),
  });
}

/** The address under which the panel of this key stands open, also when the connection had another name then. */
export function openPanelUri(node: KeyNode): vscode.Uri | undefined {
  const wanted = targetQuery(placeOfNode(node).target);
  return panelTabs().find(({ input }) => targetQuery(parseTarget(input.uri.query)) === wanted)?.input.uri;
}

/** The tab of a panel. */
export function panelTab(uri: vscode.Uri): vscode.Tab | undefined {
  return panelTabs().find(({ input }) => input.uri.toString() === uri.toString())?.tab;
}

function panelTabs(): { readonly tab: vscode.Tab; readonly input: vscode.TabInputCustom }[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) =>
    tabs.flatMap((tab) =>
      tab.input instanceof vscode.TabInputCustom && tab.input.viewType === valueViewType
        ? [{ tab, input: tab.input }]
        : [],
    ),
  );
}

/** The key that the address of a panel or of a document names; undefined when its connection is gone. */
export async function nodeOfUri(app: App, uri: vscode.Uri): Promise<KeyNode | undefined> {
  const { connectionId, db, key, namespaceId }: DocumentTarget = parseTarget(uri.query);
  await app.connections.list();
  const connection = app.connections.find(connectionId);
  if (!connection) return undefined;
  const all = namespaceId === undefined ? [] : await app.namespaces.list(connectionId);
  const place = placeNode(
    connection,
    db,
    all.find(({ id }) => id === namespaceId),
  );
  return keyNode(place, keyName(key), placePrefix(place));
}
