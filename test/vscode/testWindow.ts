import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ConnectionProfile } from '../../src/engine/connections/profile';
import type { App } from '../../src/extension/app';
import type { CommandId } from '../../src/extension/contract';
import { createApp } from '../../src/extension/container';
import { registerAll } from '../../src/extension/registrations';
import { repositoryRoot } from '../helpers/repository';
import { collectRegistrations, converse, type Conversation } from './stubs';

/** A window of the extension with a folder and a keyring of its own, whose commands a test calls. */
export interface TestWindow extends Conversation {
  readonly app: App;
  /** What the person has selected in the tree. */
  readonly selection: unknown[];
  /** The custom editors, by the type of their views. */
  readonly editors: ReadonlyMap<string, vscode.CustomEditorProvider>;
  /** Runs a command as the editor would. */
  run(id: CommandId, ...args: unknown[]): Promise<unknown>;
  /** Saves profiles and loads them. */
  save(...profiles: ConnectionProfile[]): Promise<void>;
  close(): Promise<void>;
}

/** Builds the window that ships, over replaced registrations and messages. */
export function openTestWindow(): TestWindow {
  const folder = mkdtempSync(join(tmpdir(), 'cachify-window-'));
  const conversation = converse();
  const registered = collectRegistrations();
  const channel = vscode.window.createOutputChannel('Cachify Studio test', { log: true });
  const context = contextIn(folder);
  const app = createApp(context, channel);
  const disposables = registerAll(context, app, channel);
  return {
    ...conversation,
    app,
    selection: registered.selection,
    editors: registered.editors,
    async run(id, ...args) {
      const handler = registered.handlers.get(id);
      if (!handler) throw new Error(`${id} is not registered`);
      return handler(...args);
    },
    async save(...profiles) {
      for (const profile of profiles) await app.profiles.save(profile);
      await app.connections.reload();
    },
    async close() {
      await app.recorder.settled();
      for (const item of [...context.subscriptions, ...disposables].reverse()) await item.dispose();
      channel.dispose();
      registered.end();
      conversation.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The parts of a context that the extension uses. */
function contextIn(folder: string): vscode.ExtensionContext {
  const secrets = new Map<string, string>();
  const memory = new Map<string, unknown>();
  const context: Partial<vscode.ExtensionContext> = {
    subscriptions: [],
    extensionUri: vscode.Uri.file(repositoryRoot),
    extensionPath: repositoryRoot,
    globalStorageUri: vscode.Uri.file(folder),
    globalState: {
      keys: () => [...memory.keys()],
      get: <T>(key: string, otherwise?: T) => (memory.get(key) as T | undefined) ?? otherwise,
      update: (key, value) => Promise.resolve(void memory.set(key, value)),
      setKeysForSync: () => undefined,
    },
    secrets: {
      get: (key) => Promise.resolve(secrets.get(key)),
      store: (key, value) => Promise.resolve(void secrets.set(key, value)),
      delete: (key) => Promise.resolve(void secrets.delete(key)),
      onDidChange: () => new vscode.Disposable(() => undefined),
    },
  };
  return context as vscode.ExtensionContext;
}
