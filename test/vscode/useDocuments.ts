import { strict as assert } from 'node:assert';
import { Redis } from 'ioredis';
import * as vscode from 'vscode';
import type { ConnectionProfile } from '../../src/engine/connections/profile';
import { keyName, keyNameOfText } from '../../src/engine/kernel/keyName';
import type { DocumentElement } from '../../src/extension/documents/documentTarget';
import { openDocument } from '../../src/extension/documents/openDocument';
import { valueDocuments } from '../../src/extension/documents/valueDocuments';
import { keyNode, placeNode, type KeyNode } from '../../src/extension/trees/nodes';
import { startRedis, type CacheServer } from '../helpers/cacheServer';
import { eventually } from '../helpers/eventually';
import { aProfile } from '../helpers/ports';
import { openTestWindow, type TestWindow } from './testWindow';

/** A scheme of the tests: the extension of this host has taken its own. */
export const testScheme = 'cachify-test';

/** What a person may have switched on for every file. */
const habits = {
  'editor.formatOnSave': true,
  'files.insertFinalNewline': true,
  'files.trimTrailingWhitespace': true,
  'files.trimFinalNewlines': true,
  'files.encoding': 'windows1252',
  'files.eol': '\r\n',
  'files.autoSave': 'afterDelay',
  'files.saveConflictResolution': 'overwriteFileOnDisk',
} as const;

/** Values of a real server as documents, in a window of its own for each test. */
export interface Documents {
  readonly window: TestWindow;
  /** An independent client of the server. */
  readonly peer: Redis;
  /** Opens a key; bytes of its name as latin1. */
  readonly open: (
    key: string,
    profile?: Partial<ConnectionProfile>,
    element?: DocumentElement,
  ) => Promise<vscode.TextDocument>;
  /** Types over all that a document holds. */
  readonly replaceAll: (document: vscode.TextDocument, text: string) => Promise<void>;
  /** Forgets what is known of documents, as a window does that is reloaded. */
  readonly forget: () => void;
}

/** Sets documents up around the tests of a `describe`. */
export function useDocuments(): Documents {
  let server: CacheServer;
  let peer: Redis;
  let window: TestWindow;
  let registered: readonly { dispose(): unknown }[];
  before(async () => {
    server = await startRedis();
    peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
    for (const [name, value] of Object.entries(habits)) await configure(name, value);
  });
  after(async () => {
    for (const name of Object.keys(habits)) await configure(name, undefined);
    await peer.quit();
    await server.stop();
  });
  beforeEach(async () => {
    window = openTestWindow();
    registered = valueDocuments(window.app, testScheme);
    await peer.flushall();
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const each of registered) each.dispose();
    await window.close();
  });

  async function nodeOf(key: string, profile: Partial<ConnectionProfile>): Promise<KeyNode> {
    await window.save(aProfile(server.port, { name: 'Shop/1', ...profile }));
    const connection = window.app.connections.get('test-connection');
    await connection.connect();
    return keyNode(placeNode(connection, 0), keyName(Buffer.from(key, 'latin1')), keyNameOfText(''));
  }
  return {
    get window() {
      return window;
    },
    get peer() {
      return peer;
    },
    open: async (key, profile = {}, element) =>
      openDocument(window.app, await nodeOf(key, profile), element, testScheme),
    replaceAll,
    forget: () => {
      for (const each of registered) each.dispose();
      registered = valueDocuments(window.app, testScheme);
    },
  };
}

/** Both sides that the editor compares, once the tab in front shows them: it is told of its tabs a little later. */
export function comparison(): Promise<vscode.TabInputTextDiff> {
  return eventually('the editor compares', () => {
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    return input instanceof vscode.TabInputTextDiff ? input : undefined;
  });
}

/** The document in the editor in front, once it is the one of this path: a host is told of it a little later. */
export function documentInFront(path: string): Promise<vscode.TextDocument> {
  return eventually(`${path} is in front`, () => {
    const document = vscode.window.activeTextEditor?.document;
    return document?.uri.path === path ? document : undefined;
  });
}

async function replaceAll(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

async function configure(name: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration().update(name, value, vscode.ConfigurationTarget.Global);
}
