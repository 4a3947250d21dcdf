import * as vscode from 'vscode';
import type { Connection } from '../engine/connections/connection';
import { endpointLabel, type ConnectionProfile } from '../engine/connections/profile';
import type { EngineError, ErrorReason } from '../engine/kernel/errors';
import { redactText } from '../engine/kernel/redact';
import { wordingOf } from './wording';

const t = vscode.l10n.t;

/** What to do next, a sentence a reason; absent where the message of the error already says it. */
function nextStep({ reason, details }: EngineError): string | undefined {
  if (details['secret'] === 'payload-key') {
    return t('Unlock or set up the system keyring, or choose a key file in the settings.');
  }
  const steps: Partial<Record<ErrorReason, string>> = {
    refused: t('Check that the server runs and that host and port are right.'),
    dns: t('Check the host name and this machine’s name resolution.'),
    tls: t('Check the TLS switch, the CA file and the server name of the connection.'),
    dropped: t('It is tried again in the background; you can also reconnect now.'),
    garbled: t('Check that host and port are those of such a server, and what lies between.'),
    'too-large': t('Ask for less at once, or read it with a client of the server itself.'),
    timeout: t('The server may be busy or unreachable. Try again, or raise the timeout of the connection.'),
    'wrong-password': t('Edit the connection and enter the password again.'),
    'password-needed': t('Edit the connection and choose how to authenticate.'),
    'no-password': t('Edit the connection and choose no authentication.'),
    'no-permission': t('Ask for the missing right, or use another user.'),
    'wrong-type': t('Refresh to see what the key is now.'),
    'server-busy': t('Try again in a moment.'),
    'server-full': t('The server refuses writes until it has room or can save again.'),
    'read-only': t('To change data here, switch read-only off in the connection.'),
    'read-only-forced': t('Forced read-only can be taken off only in the connection editor.'),
    untrusted: t('Trust the workspace to change data.'),
    'secrets-unavailable': t(
      'Unlock or set up the system keyring, or choose to be asked for the password in each session.',
    ),
    'store-owned-elsewhere': t('Another window has just taken the store over. Try again.'),
    'store-full': t('Free some room on the disk; saving goes on by itself.'),
    'payload-key-missing': t('Open it with the window or on the machine that stored it.'),
    'lease-lost': t('Nothing needs to be done: the other window goes on with it.'),
    'store-impostor': t('Find out which program it is, then reload the window.'),
    'store-stopped': t('Try again; if it lasts, reload the window.'),
  };
  return steps[reason];
}

/** A failure as text for a person: what happened, where, and what to do next. */
export function errorText(error: EngineError, profile?: Pick<ConnectionProfile, 'name'>): string {
  const where = profile ? `${profile.name}: ` : '';
  const what = redactText(error.message).replace(/\.$/, '');
  return [`${where}${what}.`, nextStep(error)].filter(Boolean).join(' ');
}

/** Address of a connection, several servers shortened. */
export function addressOf(profile: ConnectionProfile): string {
  const [first, ...rest] = profile.endpoints.map(endpointLabel);
  return rest.length === 0 ? (first ?? '') : t('{0} and {1} more', first ?? '', rest.length);
}

/** The environment as the word it is shown by. */
export function environmentWord(profile: Pick<ConnectionProfile, 'environment'>): string {
  return profile.environment.toUpperCase();
}

/** What a place is called: its namespace, its database, or for Memcached, which has no databases, its items. */
export function placeName(place: {
  readonly connection: Connection;
  readonly db: number;
  readonly namespace?: { readonly name: string };
}): string {
  if (place.namespace) return place.namespace.name;
  return place.connection.profile.engine === 'memcached' ? t('items') : t('db {0}', place.db);
}

/** The state of a connection in words. */
export function stateText({ health, isRetrying }: Connection): string {
  const words = {
    unknown: t('not connected'),
    connecting: t('connecting…'),
    connected: t('connected'),
    degraded: t('slow to answer'),
    unreachable: isRetrying ? t('unreachable, retrying') : t('unreachable'),
  };
  return words[health.state];
}

const numbers = new Intl.NumberFormat(vscode.env.language);
const shortNumbers = new Intl.NumberFormat(vscode.env.language, {
  notation: 'compact',
  maximumFractionDigits: 1,
});

/** A whole number with its thousands separated. */
export function number(value: number): string {
  return numbers.format(value);
}

/** A large number in short, for estimates. */
export function about(value: number): string {
  return value < 10_000 ? number(value) : shortNumbers.format(value);
}

/** A time to live in words: `3.4 s`, `2 h 13 min`, `2 d 4 h`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
}

/** A size for messages: `412 B`, `61 KiB`, `1.2 MiB`. */
export function sizeText(bytes: number): string {
  return wordingOf(t, vscode.env.language).bytes(bytes);
}
