import * as vscode from 'vscode';
import { invalid } from '../engine/kernel/errors';
import { setting } from './settings';

/** A schema longer than this is none that a person wrote, bytes. */
const longest = 1024 * 1024;

/** The schema files that the settings name, read anew; a relative path counts from the first workspace folder. */
export function readSchemas(): Promise<readonly { readonly name: string; readonly text: string }[]> {
  return Promise.all(setting('cachify.values.protobufSchemas').map(readSchema));
}

async function readSchema(path: string): Promise<{ readonly name: string; readonly text: string }> {
  try {
    const bytes = await vscode.workspace.fs.readFile(uriOf(path));
    if (bytes.length > longest) throw new Error('it is over 1 MiB');
    return { name: path, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw invalid(vscode.l10n.t('The protobuf schema {0} could not be read: {1}', path, reason));
  }
}

function uriOf(path: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  const isAbsolute = path.startsWith('/') || /^[a-z]:[\\/]/i.test(path);
  return isAbsolute || !folder ? vscode.Uri.file(path) : vscode.Uri.joinPath(folder.uri, path);
}
