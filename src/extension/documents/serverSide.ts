import * as vscode from 'vscode';
import { invalid } from '../../engine/kernel/errors';
import type { App } from '../app';
import { fileError } from './documentMessages';
import { placeOfUri, readDocument } from './documentPlace';

const t = vscode.l10n.t;

/** What the server holds of a document now, to be compared with what the editor holds. */
export class ServerSide implements vscode.TextDocumentContentProvider {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  private readonly registration: vscode.Disposable;
  readonly onDidChange = this.changes.event;

  constructor(
    private readonly app: App,
    private readonly scheme: string,
  ) {
    this.registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    try {
      return (await readDocument(this.app, await placeOfUri(this.app, uri))).shown.toString('utf8');
    } catch (thrown) {
      throw fileError(thrown);
    }
  }

  /** Opens the two sides, the server's read anew. */
  async compare(uri: vscode.Uri | undefined): Promise<void> {
    if (!uri) throw invalid(t('Open a value as a document first'));
    const server = uri.with({ scheme: this.scheme });
    await placeOfUri(this.app, uri);
    this.changes.fire(server);
    const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
    await vscode.commands.executeCommand('vscode.diff', server, uri, t('{0} (server ↔ editor)', name));
  }

  dispose(): void {
    this.registration.dispose();
    this.changes.dispose();
  }
}
