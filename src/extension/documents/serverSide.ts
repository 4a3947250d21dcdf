import * as vscode from 'vscode';
import { invalid } from '../../engine/kernel/errors';
import type { App } from '../app';
import { placeOfUri, readDocument } from './documentPlace';
import { ReadOnlyDocuments } from './readOnlyDocuments';

const t = vscode.l10n.t;

/** What the server holds of a document now, to be compared with what the editor holds. */
export class ServerSide {
  private readonly documents: ReadOnlyDocuments;

  constructor(
    private readonly app: App,
    scheme: string,
  ) {
    this.documents = new ReadOnlyDocuments(scheme, async (uri) =>
      (await readDocument(app, await placeOfUri(app, uri))).shown.toString('utf8'),
    );
  }

  /** Opens the two sides, the server's read anew. */
  async compare(uri: vscode.Uri | undefined): Promise<void> {
    if (!uri) throw invalid(t('Open a value as a document first'));
    const server = uri.with({ scheme: this.documents.scheme });
    await placeOfUri(this.app, uri);
    this.documents.refresh(server);
    const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
    await vscode.commands.executeCommand('vscode.diff', server, uri, t('{0} (server ↔ editor)', name));
  }

  dispose(): void {
    this.documents.dispose();
  }
}
