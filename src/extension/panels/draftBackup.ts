import * as v from 'valibot';
import * as vscode from 'vscode';
import { parseWith } from '../../engine/kernel/parse';
import { draft, type DraftDto } from '../../protocol/valueChange';

const content = v.object({ drafts: v.array(draft), sending: v.array(draft) });

/** What a backup holds: the unsaved edits with the bytes seen when they began, and those that were being saved. */
export interface DraftBackup {
  readonly drafts: readonly DraftDto[];
  readonly sending: readonly DraftDto[];
}

/** Reads what `writeBackup` wrote; rejects when it is gone or damaged. */
export async function readBackup(uri: vscode.Uri): Promise<DraftBackup> {
  const bytes = await vscode.workspace.fs.readFile(uri);
  const json: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  return parseWith(content, json, 'Backup of unsaved changes');
}

export async function writeBackup(uri: vscode.Uri, backup: DraftBackup): Promise<void> {
  await vscode.workspace.fs.writeFile(uri, Buffer.from(JSON.stringify(backup)));
}

/** Deletes a backup that the editor needs no more. */
export async function deleteBackup(uri: vscode.Uri): Promise<void> {
  try {
    await vscode.workspace.fs.delete(uri);
  } catch {
    // gone already, or out of reach: nothing reads it again
  }
}
