import * as vscode from 'vscode';
import { cancelled } from '../../engine/kernel/errors';
import type { HistoryStore } from '../../engine/kernel/history';
import type { App } from '../app';
import { number } from '../messages';
import { inform, withProgress } from '../prompts';
import { required } from './pickNode';
import { fileSink } from './transferFiles';

const t = vscode.l10n.t;

/** Writes all events, oldest first, as lines of JSON; rejects with `cancelled` when the signal aborts. */
export type ExportHistory = (options: {
  readonly history: HistoryStore;
  readonly write: (text: string) => Promise<void>;
  readonly onProgress: (events: number) => void;
  readonly signal: AbortSignal;
}) => Promise<{ readonly events: number }>;

/** Exports the history to a file that takes its name when it is whole. */
export async function exportHistoryCommand(app: App, exportHistory: ExportHistory): Promise<void> {
  await app.recorder.settled();
  const uri = await askFile();
  const { events } = await withProgress(t('Exporting the history'), (signal, report) =>
    app.recorder.during({ action: 'history.export' }, () =>
      write(app, exportHistory, uri, signal, (done) => report(t('{0} events', number(done)))),
    ),
  );
  inform(t('{0} events of the history exported to {1}.', number(events), uri.fsPath));
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

async function write(
  { history }: App,
  exportHistory: ExportHistory,
  uri: vscode.Uri,
  signal: AbortSignal,
  onProgress: (events: number) => void,
): Promise<{ readonly events: number }> {
  const sink = await fileSink(uri);
  try {
    const done = await exportHistory({ history, write: (text) => sink.write(text), onProgress, signal });
    // a file that someone no longer wants must not take the place of the one before it
    if (signal.aborted) throw cancelled('The export of the history');
    await sink.commit();
    return done;
  } catch (thrown) {
    await sink.discard();
    throw thrown;
  }
}
