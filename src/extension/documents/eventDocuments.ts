import * as vscode from 'vscode';
import type { HistoryStore, StoredHistoryEvent } from '../../engine/kernel/history';
import { isoMoment } from '../../protocol/moment';

/** Scheme of the read-only document that shows one history event. */
export const eventScheme = 'cachify-event';

/** Address of the document of an event. */
export function eventUri(event: StoredHistoryEvent): vscode.Uri {
  return vscode.Uri.from({ scheme: eventScheme, path: `/${event.seq}/${event.action}.json` });
}

/** Shows history events as JSON, read from the store by their number. */
export function eventDocuments(history: HistoryStore): vscode.TextDocumentContentProvider {
  return {
    async provideTextDocumentContent({ path }) {
      const seq = Number(path.split('/')[1]);
      const [event] = Number.isSafeInteger(seq) ? await history.list({ beforeSeq: seq + 1, limit: 1 }) : [];
      if (event?.seq !== seq) return vscode.l10n.t('This event is not in the history any more.');
      const shown = { ...event, timestamp: isoMoment(event.timestamp) };
      return JSON.stringify(shown, undefined, 2);
    },
  };
}
