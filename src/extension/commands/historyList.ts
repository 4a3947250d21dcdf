import * as vscode from 'vscode';
import { toEngineError } from '../../engine/kernel/errors';
import type { StoredHistoryEvent } from '../../engine/kernel/history';
import type { App } from '../app';
import { durationText } from '../messages';
import { type Choice, type ListItem, createList, listItems } from '../plainWindow';
import { inform, showError, tell } from '../prompts';
import { hasDate } from '../../protocol/moment';
import type { HistoryPins } from './historyPins';

const t = vscode.l10n.t;

/** Events shown in the list; older ones stay in the store. */
const listed = 1000;

/**
 * Lists the history, newest first; gives the event that was chosen. A pin beside each event keeps it from being purged,
 * and does not close the list.
 */
export async function pickEvent(
  app: App,
  pins: HistoryPins,
  title: string,
): Promise<StoredHistoryEvent | undefined> {
  await app.recorder.settled();
  const [events] = await Promise.all([app.history.list({ limit: listed }), pins.load()]);
  if (events.length === 0) {
    inform(t('Nothing was recorded yet: every connect, read and write will be listed here.'));
    return undefined;
  }
  const names = new Map(app.connections.known().map(({ profile }) => [profile.id, profile.name]));
  const placeholder = t('Type to filter by action, key, connection or result');
  const list = createList<StoredHistoryEvent>(title, placeholder);
  const fill = (): void => {
    list.items = listItems(events.map((event) => choiceOf(event, names.get(event.connectionId ?? ''), pins)));
  };
  Object.assign(list, { matchOnDescription: true, matchOnDetail: true, keepScrollPosition: true });
  fill();
  // new items would move the person to the first one
  const fillAt = (seq: number | undefined): void => {
    fill();
    list.activeItems = list.items.filter(({ value }) => value.seq === seq);
  };
  list.onDidTriggerItemButton(({ item }) => void toggle(pins, item.value, () => fillAt(item.value.seq)));
  const following = app.storage.retention.onChange(
    () => void follow(app, pins, () => fillAt(list.activeItems[0]?.value.seq)),
  );
  try {
    return await chosenOf(list);
  } finally {
    following.dispose();
  }
}

/** Pins an event or removes its pin, and says which. */
export async function togglePin(pins: HistoryPins, event: StoredHistoryEvent): Promise<void> {
  const isPinned = await pins.toggle(event);
  tell(
    isPinned
      ? t('Pinned: this event stays whatever its age, until you unpin it.')
      : t('Unpinned: this event goes when its time has come.'),
  );
}

async function toggle(pins: HistoryPins, event: StoredHistoryEvent, then: () => void): Promise<void> {
  try {
    await togglePin(pins, event);
    then();
  } catch (thrown) {
    showError(toEngineError(thrown));
  }
}

/** Shows the pins that another window made or removed. */
async function follow({ log }: App, pins: HistoryPins, then: () => void): Promise<void> {
  try {
    await pins.load();
    then();
  } catch (thrown) {
    log.debug('Pins could not be read again', { error: toEngineError(thrown).message });
  }
}

function chosenOf(
  list: vscode.QuickPick<ListItem<StoredHistoryEvent>>,
): Promise<StoredHistoryEvent | undefined> {
  return new Promise((resolve) => {
    list.onDidAccept(() => {
      resolve(list.selectedItems[0]?.value);
      list.hide();
    });
    list.onDidHide(() => {
      resolve(undefined);
      list.dispose();
    });
    list.show();
  });
}

const icons: Readonly<Record<StoredHistoryEvent['status'], string>> = {
  success: 'check',
  error: 'error',
  blocked: 'circle-slash',
  unknown: 'question',
};

function choiceOf(
  event: StoredHistoryEvent,
  connectionName: string | undefined,
  pins: HistoryPins,
): Choice<StoredHistoryEvent> {
  const when = hasDate(event.timestamp)
    ? new Date(event.timestamp).toLocaleString(vscode.env.language)
    : String(event.timestamp);
  const where = [connectionName ?? event.connectionId, event.environment, event.namespace]
    .filter(Boolean)
    .join(' · ');
  const isPinned = pins.has(event);
  const pinned = isPinned ? t('pinned') : undefined;
  return {
    label: `${event.action}  ${event.keyOrPattern ?? ''}`,
    icon: icons[event.status],
    description: [event.status, event.errorCode, durationText(event.durationMs), pinned]
      .filter(Boolean)
      .join(' · '),
    detail: `${when}  ${where}`,
    value: event,
    buttons: [pinButton(isPinned)],
  };
}

function pinButton(isPinned: boolean): vscode.QuickInputButton {
  return {
    iconPath: new vscode.ThemeIcon(isPinned ? 'pinned' : 'pin'),
    tooltip: isPinned ? t('Unpin: let it go when its time has come') : t('Pin: keep it whatever its age'),
  };
}
