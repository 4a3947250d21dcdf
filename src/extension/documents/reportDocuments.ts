import * as vscode from 'vscode';
import type { Connection } from '../../engine/connections/connection';
import { invalid } from '../../engine/kernel/errors';
import type { App } from '../app';
import { fileError } from './documentMessages';
import { requireOpen } from './documentPlace';
import { readablePath } from './documentTarget';

const t = vscode.l10n.t;

/** Scheme of read-only documents of what a server tells. */
export const reportScheme = 'cachify-report';

/** A report of a server as a read-only document, read again each time it is opened; kept nowhere. */
export class ReportDocuments implements vscode.TextDocumentContentProvider {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  private readonly registration: vscode.Disposable;
  readonly onDidChange = this.changes.event;

  constructor(private readonly app: App) {
    this.registration = vscode.workspace.registerTextDocumentContentProvider(reportScheme, this);
  }

  /** Shows a report, read anew. */
  async show({ profile }: Connection, report: string): Promise<vscode.TextDocument> {
    const query = [profile.id, report].map((part) => Buffer.from(part).toString('base64url')).join('.');
    const path = readablePath([profile.name, `${report}.txt`]);
    const uri = vscode.Uri.from({ scheme: reportScheme, path, query });
    this.changes.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true });
    return document;
  }

  async provideTextDocumentContent({ query }: vscode.Uri): Promise<string> {
    const [id = '', report = ''] = query.split('.').map((part) => Buffer.from(part, 'base64url').toString());
    try {
      await this.app.connections.list();
      return await this.read(this.app.connections.find(id), report);
    } catch (thrown) {
      throw fileError(thrown);
    }
  }

  dispose(): void {
    this.registration.dispose();
    this.changes.dispose();
  }

  private async read(connection: Connection | undefined, report: string): Promise<string> {
    if (!connection) throw invalid(t('The connection of this document does not exist any more'));
    requireOpen(connection);
    const { id, environment, dbIndex } = connection.profile;
    const operation = { action: 'server.report', connectionId: id, environment, keyOrPattern: report };
    const { value } = await this.app.recorder.during(operation, () =>
      connection.read(dbIndex, (reader, call) => reader.serverReport(report, call)),
    );
    return value;
  }
}
