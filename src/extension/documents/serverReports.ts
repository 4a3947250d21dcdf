import * as vscode from 'vscode';
import type { Connection } from '../../engine/connections/connection';
import type { App } from '../app';
import { openConnection } from './documentPlace';
import { readablePath } from './documentTarget';
import { ReadOnlyDocuments } from './readOnlyDocuments';

/** Documents of what a server tells of itself. */
export function reportDocuments(app: App): ReadOnlyDocuments {
  return new ReadOnlyDocuments('cachify-report', async ({ query }) => {
    const [id = '', report = ''] = query.split('.').map((part) => Buffer.from(part, 'base64url').toString());
    return readReport(app, await openConnection(app, id), report);
  });
}

/** Address of the document of one report. */
export function reportUri({ profile }: Connection, report: string, scheme: string): vscode.Uri {
  const query = [profile.id, report].map((part) => Buffer.from(part).toString('base64url')).join('.');
  return vscode.Uri.from({ scheme, path: readablePath([profile.name, `${report}.txt`]), query });
}

async function readReport(app: App, connection: Connection, report: string): Promise<string> {
  const { id, environment, dbIndex } = connection.profile;
  const operation = { action: 'server.report', connectionId: id, environment, keyOrPattern: report };
  const { value } = await app.recorder.during(operation, () =>
    connection.read(dbIndex, (reader, call) => reader.serverReport(report, call)),
  );
  return value;
}
