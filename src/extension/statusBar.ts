import * as vscode from 'vscode';
import type { Connection } from '../engine/connections/connection';
import type { Connections } from '../engine/connections/connections';
import { environmentWord, stateText } from './messages';
import { plainLine } from './plainText';
import { createStatusItem } from './plainWindow';

const t = vscode.l10n.t;

/** The one status bar item: the connection last used, its environment, lock and state; a click lists all connections. */
export class StatusBar implements vscode.Disposable {
  private readonly item = createStatusItem('cachify.connection', t('Cachify Studio connection'), 50);
  private active: string | undefined;

  constructor(
    private readonly connections: Connections,
    private readonly isLocked: (connection: Connection) => boolean,
  ) {
    this.item.command = 'cachify.connection.showStatus';
  }

  /** Makes `connection` the one that is shown. */
  show(connection: Connection): void {
    this.active = connection.profile.id;
    this.update();
  }

  /** Draws the state as it is now. */
  update(): void {
    const connection = this.active === undefined ? undefined : this.connections.find(this.active);
    if (!connection?.isOpen) {
      this.item.hide();
      return;
    }
    const { profile, health } = connection;
    const isLocked = this.isLocked(connection);
    const isBad = health.state === 'unreachable' || health.state === 'degraded';
    const icon = isBad ? '$(warning)' : isLocked ? '$(lock)' : '$(database)';
    const state = isBad ? ` · ${stateText(connection)}` : '';
    this.item.text = `${icon} ${plainLine(profile.name)} · ${environmentWord(profile)}${state}`;
    const label = [profile.name, profile.environment, stateText(connection), isLocked ? t('read-only') : '']
      .filter(Boolean)
      .join(', ');
    this.item.tooltip = label;
    this.item.accessibilityInformation = { label };
    this.item.backgroundColor =
      health.state === 'unreachable' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    this.item.show();
  }

  dispose(): void {
    this.item.dispose();
  }
}
