import * as vscode from 'vscode';
import { toEngineError } from '../engine/kernel/errors';
import type { Disposable } from '../engine/kernel/lifetime';
import type { Log } from '../engine/kernel/ports';
import type { App } from './app';
import { bulkCommands } from './commands/bulkCommands';
import { connectionCommands, connectNode } from './commands/connectionCommands';
import { historyCommands } from './commands/historyCommands';
import { keyCommands } from './commands/keyCommands';
import { namespaceCommands } from './commands/namespaceCommands';
import { newKeyCommand } from './commands/newKey';
import { activeKey } from './commands/activeKey';
import { revealKey } from './commands/revealKey';
import { registerCommands } from './commands/registerCommand';
import { searchCommands } from './commands/searchCommands';
import { transferCommands } from './commands/transferCommands';
import { eventDocuments, eventScheme } from './documents/eventDocuments';
import { registerDocuments } from './documents/registerDocuments';
import { connectionNote, connectionSurface, connectionViewType } from './panels/connectionPanel';
import { Panels } from './panels/panel';
import { ValueEditors } from './panels/valueEditors';
import { rpcErrors } from './rpcErrors';
import { registerStorage } from './registerStorage';
import type { KeyNode, PlaceNode } from './trees/nodes';

/** Registers commands, documents and panels. */
export function registerAll(
  context: vscode.ExtensionContext,
  app: App,
  channel: vscode.LogOutputChannel,
): Disposable[] {
  const panels = panelsOf(context, app.log);
  const values = new ValueEditors(app, panels);
  const openPanel = (node: KeyNode): Promise<void> => values.show(node);
  const refreshPanels = (place: PlaceNode): void => {
    values.refresh(place);
  };
  const connect = (id: string): Promise<void> => connectNode(app, app.connections.get(id));
  const storage = registerStorage(app, panels);
  const handlers = {
    ...connectionCommands(app, (connection) => {
      panels.show(connectionSurface(app, connection, connect));
    }),
    ...namespaceCommands(app),
    ...searchCommands(app),
    ...keyCommands(app, {
      show: openPanel,
      refresh: refreshPanels,
      follow: (source, to) => values.follow(source, to),
    }),
    ...newKeyCommand(app, openPanel),
    ...bulkCommands(app, refreshPanels),
    ...transferCommands(app, openPanel, refreshPanels),
    ...historyCommands(app, channel, storage.pins),
    'cachify.key.reveal': async () => revealKey(app, await activeKey(app)),
  };
  return [
    panels,
    storage,
    ...registerCommands(handlers, app.log),
    ...registerDocuments(app),
    vscode.workspace.registerTextDocumentContentProvider(eventScheme, eventDocuments(app.history)),
    values.register(),
    restoreConnections(app, panels, connect),
  ];
}

/** Brings connection editors back after the window was loaded anew. */
function restoreConnections(
  app: App,
  panels: Panels,
  connect: (id: string) => Promise<void>,
): vscode.Disposable {
  return panels.restoring(connectionViewType, async (note) => {
    const { connectionId } = connectionNote(note);
    await app.connections.list();
    return connectionSurface(app, app.connections.find(connectionId), connect);
  });
}

/** The panels of the window, none open. */
function panelsOf({ extensionUri }: vscode.ExtensionContext, log: Log): Panels {
  return new Panels({
    extensionUri,
    language: vscode.env.language,
    bundle: Object.fromEntries(Object.entries(vscode.l10n.bundle ?? {}).flatMap(plainEntry)),
    toRpcError: rpcErrors(log),
    onDropped: (reason) => {
      log.debug('A webview message was dropped', { reason });
    },
    onDisposeFailed: (thrown) => {
      log.error('A panel could not be closed cleanly', { message: toEngineError(thrown).message });
    },
    onRestoreFailed: (thrown) => {
      log.warn('A panel could not be brought back', { reason: toEngineError(thrown).reason });
    },
  });
}

function plainEntry([key, value]: [string, string | { message: string }]): [string, string][] {
  return [[key, typeof value === 'string' ? value : value.message]];
}
