import * as vscode from 'vscode';
import type { Settings } from './contract';

/** A setting as it stands now. */
export function setting<K extends keyof Settings>(name: K): Settings[K] {
  const value = vscode.workspace.getConfiguration().get<Settings[K]>(name);
  if (value === undefined) throw new Error(`The setting ${name} is not declared`);
  return value;
}

/** Characters at which names are split. Names are bytes, so only ASCII can split them; other entries are passed over. */
export function delimiters(): readonly string[] {
  return setting('cachify.tree.delimiters').filter((delimiter) => /^[ -~]$/.test(delimiter));
}
