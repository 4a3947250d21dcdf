import * as vscode from 'vscode';
import { fileError } from './documentMessages';

/** Documents of one scheme that are read from somewhere, only to be looked at, and kept nowhere. */
export class ReadOnlyDocuments implements vscode.TextDocumentContentProvider {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  private readonly registration: vscode.Disposable;
  readonly onDidChange = this.changes.event;

  constructor(
    readonly scheme: string,
    private readonly read: (uri: vscode.Uri) => Promise<string>,
  ) {
    this.registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  /** Opens a document in an editor; one that is open already is read anew. */
  async show(uri: vscode.Uri): Promise<vscode.TextDocument> {
    this.refresh(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true });
    return document;
  }

  /** Reads a document anew, should it be open. */
  refresh(uri: vscode.Uri): void {
    this.changes.fire(uri);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    try {
      return await this.read(uri);
    } catch (thrown) {
      throw fileError(thrown);
    }
  }

  dispose(): void {
    this.registration.dispose();
    this.changes.dispose();
  }
}
