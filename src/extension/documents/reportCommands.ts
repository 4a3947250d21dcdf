import * as vscode from 'vscode';
import { EngineError } from '../../engine/kernel/errors';
import type { Disposable } from '../../engine/kernel/lifetime';
import type { App } from '../app';
import { connectAndShow, pickConnection, pickKey, required } from '../commands/pickNode';
import { registerCommands, type Handlers } from '../commands/registerCommand';
import { askChoice } from '../plainWindow';
import type { ConnectionNode } from '../trees/nodes';
import { requireOpen } from './documentPlace';
import { dumpDocuments, dumpUri } from './dumpDocuments';
import { placeOfNode } from './openDocument';
import type { ReadOnlyDocuments } from './readOnlyDocuments';
import { reportDocuments, reportUri } from './serverReports';

const t = vscode.l10n.t;

/** Registers what is only looked at, reports of servers and serialised keys, and the commands that show it. */
export function reportCommands(app: App): Disposable[] {
  const reports = reportDocuments(app);
  const dumps = dumpDocuments(app);
  const handlers: Handlers = {
    'cachify.server.showInfo': (node) => showReport(app, reports, node),
    'cachify.key.showDump': async (node) => {
      const place = placeOfNode(await pickKey(app, node, t('Show dump')));
      requireOpen(place.connection);
      return dumps.show(dumpUri(place, dumps.scheme));
    },
  };
  return [reports, dumps, ...registerCommands(handlers, app.log)];
}

async function showReport(
  app: App,
  reports: ReadOnlyDocuments,
  node: ConnectionNode | undefined,
): Promise<vscode.TextDocument> {
  const title = t('Show server information');
  const connection = await pickConnection(app, node, title);
  await connectAndShow(app, connection);
  const { serverReports, capabilities } = await connection.provider(connection.profile.dbIndex);
  const { serverInfo } = capabilities;
  if (serverReports.length === 0 && !serverInfo.available)
    throw new EngineError('NOT_SUPPORTED', 'unsupported', serverInfo.reason);
  const [only, ...others] = serverReports;
  const choices = serverReports.map((report) => ({ label: report, value: report }));
  const chosen = others.length === 0 ? only : await askChoice(title, choices);
  return reports.show(reportUri(connection, required(chosen), reports.scheme));
}
