import * as vscode from 'vscode';
import type { StoredHistoryEvent } from '../../engine/kernel/history';
import type { App } from '../app';
import { durationText } from '../messages';
import { askChoice, inform, type Choice } from '../prompts';
import { eventUri } from '../documents/eventDocuments';
import type { Handlers } from './registerCommand';

const t = vscode.l10n.t;

/** Events shown in the list; older ones stay in the store. */
const listed = 1000;

/** Commands that show what was done. */
export function historyCommands(app: App, channel: vscode.LogOutputChannel): Handlers {
  return {
    'cachify.history.show': () => showHistory(app),
    'cachify.log.show': () => {
      channel.show();
    },
  };
}

async function showHistory(app: App): Promise<void> {
  await app.recorder.settled();
  const events = await app.history.list({ limit: listed });
  if (events.length === 0) {
    inform(t('Nothing was recorded yet: every connect, read and write will be listed here.'));
    return;
  }
  const names = new Map(app.connections.known().map(({ profile }) => [profile.id, profile.name]));
  const choices = events.map((event) => choiceOf(event, names.get(event.connectionId ?? '')));
  const event = await askChoice(
    t('History'),
    choices,
    t('Type to filter by action, key, connection or result'),
  );
  if (!event) return;
  const document = await vscode.workspace.openTextDocument(eventUri(event));
  await vscode.window.showTextDocument(document, { preview: true });
}

const icons: Readonly<Record<StoredHistoryEvent['status'], string>> = {
  success: 'check',
  error: 'error',
  blocked: 'circle-slash',
  unknown: 'question',
};

function choiceOf(event: StoredHistoryEvent, connectionName: string | undefined): Choice<StoredHistoryEvent> {
  const when = new Date(event.timestamp).toLocaleString(vscode.env.language);
  const where = [connectionName ?? event.connectionId, event.environment, event.namespace]
    .filter(Boolean)
    .join(' · ');
  return {
    label: `$(${icons[event.status]}) ${event.action}  ${event.keyOrPattern ?? ''}`,
    description: [event.status, event.errorCode, durationText(event.durationMs)].filter(Boolean).join(' · '),
    detail: `${when}  ${where}`,
    value: event,
  };
}
