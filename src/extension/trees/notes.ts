import * as vscode from 'vscode';
import type { EngineError } from '../../engine/kernel/errors';
import type { ListingProgress } from '../../engine/keys/keyListing';
import { about, errorText, number } from '../messages';
import type { ConnectionNode, NoteNode, PlaceNode } from './nodes';
import type { PlaceFilter } from './places';

const t = vscode.l10n.t;

/** "12,000 of about 1.2 M" as far as it is known. */
export function scannedText({ examined, estimate }: ListingProgress): string {
  return estimate === undefined
    ? t('{0} scanned', number(examined))
    : t(
        '{0} of about {1} scanned',
        number(Math.min(examined, Math.max(estimate, examined))),
        about(estimate),
      );
}

/** What a place says of its scan; undefined when the list is complete. */
export function scanNote(parent: PlaceNode, progress: ListingProgress): NoteNode | undefined {
  const note = (text: string, icon: string, command: NonNullable<NoteNode['command']>): NoteNode => ({
    kind: 'note',
    id: `${parent.id}/note`,
    parent,
    text,
    icon,
    command,
  });
  switch (progress.state) {
    case 'idle':
    case 'complete':
      return undefined;
    case 'scanning':
      return note(t('{0} — click to stop', scannedText(progress)), 'loading~spin', 'cachify.keys.cancelScan');
    case 'paused':
      return note(t('{0} — continue', scannedText(progress)), 'debug-continue', 'cachify.keys.continueScan');
    case 'cancelled':
      return note(
        t('Stopped: {0} — continue', scannedText(progress)),
        'debug-continue',
        'cachify.keys.continueScan',
      );
    case 'failed':
      return progress.cause?.code === 'NOT_SUPPORTED'
        ? note(t('{0} — open a key by name', progress.cause.message), 'info', 'cachify.keys.openExact')
        : note(failedText(progress), 'error', 'cachify.keys.continueScan');
  }
}

function failedText(progress: ListingProgress): string {
  const why = progress.cause ? errorText(progress.cause) : '';
  return t('The list is incomplete. {0} Click to try again.', why);
}

/** What an empty place says; where nothing can be written it offers no new key. */
export function emptyNote(parent: PlaceNode, filter: PlaceFilter, isLocked: boolean): NoteNode {
  const base = { kind: 'note', id: `${parent.id}/note`, parent } as const;
  if (filter.pattern !== undefined || filter.type !== undefined) {
    const text = t('No key matches — clear the filter');
    return { ...base, text, icon: 'filter', command: 'cachify.keys.clearFilter' };
  }
  if (isLocked) return { ...base, text: t('No keys yet'), icon: 'info' };
  return { ...base, text: t('No keys yet — create the first'), icon: 'add', command: 'cachify.key.new' };
}

/** What a connection shows below itself while it is not connected. */
export function offlineNote(parent: ConnectionNode): NoteNode {
  const { cause } = parent.connection.health;
  const text = cause
    ? t('{0} Click to connect again.', errorText(cause))
    : t('Not connected — click to connect');
  return {
    kind: 'note',
    id: `${parent.id}/note`,
    parent,
    text,
    icon: cause ? 'error' : 'plug',
    command: 'cachify.connection.connect',
  };
}

/** A connection of which only its own database is shown: the server does not tell which others hold keys. */
export function hiddenDatabasesNote(parent: ConnectionNode, reason: string): NoteNode {
  const text = t('Other databases cannot be listed. {0}', reason);
  return { kind: 'note', id: `${parent.id}/note`, parent, text, icon: 'info' };
}

/** A connection whose databases could not be listed. */
export function failureNote(parent: ConnectionNode, error: EngineError): NoteNode {
  const text = t('{0} Click to try again.', errorText(error));
  return {
    kind: 'note',
    id: `${parent.id}/note`,
    parent,
    text,
    icon: 'error',
    command: 'cachify.connection.connect',
  };
}
