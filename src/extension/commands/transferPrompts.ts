import * as vscode from 'vscode';
import { required } from './pickNode';

const t = vscode.l10n.t;

/** Asks where to write a file that will hold values; `name` is one that `fileName` made. A dismissed dialog ends the command. */
export async function askSaveFile(what: string, name: string): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const chosen = await vscode.window.showSaveDialog({
    title: t('{0}: the file will hold values as they are on the server', what),
    saveLabel: t('Save'),
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, name) }),
  });
  return required(chosen);
}

/** Asks for a file to read. A dismissed dialog ends the command. */
export async function askOpenFile(title: string): Promise<vscode.Uri> {
  const [chosen] = (await vscode.window.showOpenDialog({ title, canSelectMany: false })) ?? [];
  return required(chosen);
}
