import * as vscode from 'vscode';
import type { Disposable } from '../../engine/kernel/lifetime';
import type { App } from '../app';
import { registerCommands, type Handlers } from '../commands/registerCommand';
import { pickKey } from '../commands/pickNode';
import { valueScheme } from './documentPlace';
import { openDocument } from './openDocument';
import { ServerSide } from './serverSide';
import { ValueFiles } from './valueFiles';

const t = vscode.l10n.t;

/** Registers values as documents: their files, what the server holds beside them, and the commands on them. */
export function valueDocuments(app: App, scheme = valueScheme): Disposable[] {
  const serverSide = new ServerSide(app, `${scheme}-server`);
  const files = new ValueFiles(app);
  const handlers: Handlers = {
    'cachify.key.openAsDocument': async (node) =>
      openDocument(app, await pickKey(app, node, t('Open value as document')), undefined, scheme),
    'cachify.document.compare': (uri) =>
      serverSide.compare(uri ?? vscode.window.activeTextEditor?.document.uri),
  };
  return [
    serverSide,
    ...registerCommands(handlers, app.log),
    vscode.workspace.registerFileSystemProvider(scheme, files, { isCaseSensitive: true }),
    ...followEditors(files, scheme),
  ];
}

/** Tells the files what editors show, and when nothing shows them any more. */
function followEditors(files: ValueFiles, scheme: string): Disposable[] {
  const { workspace } = vscode;
  const follow = (document: vscode.TextDocument): void => {
    if (document.uri.scheme === scheme) files.follow(document);
  };
  return [
    workspace.onDidOpenTextDocument(follow),
    workspace.onDidChangeTextDocument(({ document }) => follow(document)),
    workspace.onDidCloseTextDocument(({ uri }) => {
      // changing the language closes and opens a document that stays
      const isOpen = workspace.textDocuments.some((each) => each.uri.toString() === uri.toString());
      if (uri.scheme === scheme && !isOpen) files.forget(uri);
    }),
  ];
}
