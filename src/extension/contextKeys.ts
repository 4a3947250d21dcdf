import * as vscode from 'vscode';
import type { ContextKeys } from './contract';

/** Sets a context key that menus and welcome views are shown by. */
export function setContext<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
