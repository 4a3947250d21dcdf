import * as vscode from 'vscode';
import type { App } from '../app';
import { valueScheme } from '../documents/documentPlace';
import { nodeOfUri, valueViewType } from '../panels/valueAddress';
import type { KeyNode } from '../trees/nodes';

/** The key that the editor in front shows, in a panel or as a document; undefined when it shows something else. */
export async function activeKey(app: App): Promise<KeyNode | undefined> {
  const uri = activeUri();
  try {
    return uri && (await nodeOfUri(app, uri));
  } catch {
    // an address that is none of ours names no key
    return undefined;
  }
}

function activeUri(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputCustom && input.viewType === valueViewType) return input.uri;
  return input instanceof vscode.TabInputText && input.uri.scheme === valueScheme ? input.uri : undefined;
}
