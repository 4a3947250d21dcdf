import * as vscode from 'vscode';
import type { Disposable } from '../../engine/kernel/lifetime';
import type { App } from '../app';
import { registerCommands, type Handlers } from '../commands/registerCommand';
import { pickKey } from '../commands/pickNode';
import { confirm } from '../prompts';
import type { DocumentContent } from './documentContent';
import { valueScheme } from './documentPlace';
import { readOnlyText } from './documentMessages';
import { openDocument } from './openDocument';
import { ServerSide } from './serverSide';
import { ValueFiles } from './valueFiles';

const t = vscode.l10n.t;

/** Registers values as documents: their files, what the server holds beside them, and the commands on them. */
export function valueDocuments(app: App, scheme = valueScheme): Disposable[] {
  const serverSide = new ServerSide(app, `${scheme}-server`);
  const files = new ValueFiles(app, (uri, theirs) => void tellConflict(files, serverSide, uri, theirs));
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

/** Offers to compare, and to overwrite what is there; the editor itself says that nothing was saved. */
async function tellConflict(
  files: ValueFiles,
  serverSide: ServerSide,
  uri: vscode.Uri,
  theirs: DocumentContent | undefined,
): Promise<void> {
  if (!theirs) return;
  const compare = t('Compare with Server');
  const overwrite = t('Overwrite…');
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  const moved = t('{0}: the server holds something else than what this document was made from.', name);
  const why = theirs.changeTo || !theirs.readOnly ? '' : readOnlyText(theirs.readOnly);
  const choices = theirs.changeTo ? [compare, overwrite] : [compare];
  const chosen = await vscode.window.showWarningMessage([moved, why].filter(Boolean).join(' '), ...choices);
  if (chosen === compare) await serverSide.compare(uri);
  if (chosen === overwrite) await askToOverwrite(files, uri, theirs);
}

async function askToOverwrite(files: ValueFiles, uri: vscode.Uri, theirs: DocumentContent): Promise<void> {
  const detail = t('What someone else saved meanwhile is replaced, and cannot be had back.');
  if (!(await confirm(t('Overwrite what the server holds?'), detail, t('Overwrite')))) return;
  files.overwrite(uri, theirs);
  const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
  // the first may only join the save that was refused, should it not have ended yet
  if (document && !(await document.save())) await document.save();
}
