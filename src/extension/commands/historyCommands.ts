import * as vscode from 'vscode';
import type { App } from '../app';
import { eventUri } from '../documents/eventDocuments';
import { pickEvent, togglePin } from './historyList';
import type { HistoryPins } from './historyPins';
import type { Handlers } from './registerCommand';

const t = vscode.l10n.t;

/** Commands that show what was done. */
export function historyCommands(app: App, channel: vscode.LogOutputChannel, pins: HistoryPins): Handlers {
  return {
    'cachify.history.show': () => showHistory(app, pins),
    'cachify.history.pin': () => pinEvent(app, pins),
    'cachify.log.show': () => {
      channel.show();
    },
  };
}

async function showHistory(app: App, pins: HistoryPins): Promise<void> {
  const event = await pickEvent(app, pins, t('History'));
  if (!event) return;
  const document = await vscode.workspace.openTextDocument(eventUri(event));
  await vscode.window.showTextDocument(document, { preview: true });
}

async function pinEvent(app: App, pins: HistoryPins): Promise<void> {
  const event = await pickEvent(app, pins, t('Pin or unpin an event of the history'));
  if (event) await togglePin(pins, event);
}
