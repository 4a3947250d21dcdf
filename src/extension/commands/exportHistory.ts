import * as vscode from 'vscode';
import type { App } from '../app';
import { number } from '../messages';
import { inform, withProgress } from '../prompts';
import { type ExportHistory, writeHistoryFile } from './historyFile';
import { required } from './pickNode';

const t = vscode.l10n.t;

/** Exports the history to a file that takes its name when it is whole. */
export async function exportHistoryCommand(app: App, exportHistory: ExportHistory): Promise<void> {
  await app.recorder.settled();
  const uri = await askFile();
  const { events } = await withProgress(t('Exporting the history'), (signal, report) =>
    app.recorder.during({ action: 'history.export' }, () =>
      writeHistoryFile(
        uri,
        (write) =>
          exportHistory({
            write,
            onProgress: (done) => report(t('{0} events', number(done))),
            signal,
          }),
        signal,
      ),
    ),
  );
  inform(
    events === 1
      ? t('1 event of the history exported to {0}.', uri.fsPath)
      : t('{0} events of the history exported to {1}.', number(events), uri.fsPath),
  );
}

async function askFile(): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const chosen = await vscode.window.showSaveDialog({
    title: t('Export history: the file will hold key names and patterns, but no values'),
    saveLabel: t('Export'),
    filters: { [t('JSON lines')]: ['jsonl'] },
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, 'cachify-history.jsonl') }),
  });
  return required(chosen);
}
