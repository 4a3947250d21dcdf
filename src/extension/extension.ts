import * as vscode from 'vscode';
import { createApp } from './container';
import { setContext } from './contextKeys';
import { react } from './reactions';
import { registerAll } from './registrations';

/** Registers everything and opens nothing: the store, drivers and sockets come with the first use. */
export function activate(context: vscode.ExtensionContext): void {
  const channel = vscode.window.createOutputChannel('Cachify Studio', { log: true });
  context.subscriptions.push(channel);
  const app = createApp(context, channel);
  setContext('cachify.trusted', vscode.workspace.isTrusted);
  setContext('cachify.loaded', false);
  setContext('cachify.connections.count', 0);
  setContext('cachify.connections.filtered', false);
  context.subscriptions.push(...react(app), ...registerAll(context, app, channel));
}
