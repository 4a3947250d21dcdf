import * as vscode from 'vscode';
import type { Disposable } from '../engine/kernel/lifetime';
import type { App } from './app';
import { setContext } from './contextKeys';
import { connectionNode } from './trees/nodes';

/** Keeps tree, status bar and scans in step with connections, places, settings and trust. */
export function react(app: App): Disposable[] {
  const { connections, places, tree, status } = app;
  return [
    connections.onChange((id) => {
      const connection = id === undefined ? undefined : connections.find(id);
      // a server that was lost in any way may have restarted
      if (connection && connection.health.state !== 'connected') places.linkLost(connection);
      tree.refresh(connection && connectionNode(connection));
      status.update();
    }),
    places.onChange((place) => {
      tree.refreshSoon(place);
    }),
    places.onScanEnd((place) => {
      tree.refresh(place);
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      setContext('cachify.trusted', true);
      tree.refresh();
      status.update();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('cachify')) tree.refresh();
    }),
    app.view.onDidChangeSelection(({ selection: [node] }) => {
      if (!node) return;
      const connection = node.kind === 'connection' || node.kind === 'place' ? node.connection : undefined;
      if (connection?.isOpen) status.show(connection);
    }),
  ];
}
