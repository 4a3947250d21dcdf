import * as vscode from 'vscode';
import type { Connection } from '../../engine/connections/connection';
import type { App } from '../app';
import { addressOf, environmentWord } from '../messages';
import { askTypedName, confirm } from '../prompts';

const t = vscode.l10n.t;

/** A destructive act as a question: what it does, to what, and the words on its button. */
export interface DestructiveAct {
  readonly connection: Connection;
  readonly question: string;
  readonly detail: string;
  readonly action: string;
}

/** How sure the person is. */
export interface Confirmation {
  readonly confirmedName?: string;
}

/**
 * Asks before a destructive act; on prod the name of the connection must be typed as well. Undefined: dismissed.
 * A locked connection is refused before anything is asked.
 */
export async function confirmDestructive(app: App, act: DestructiveAct): Promise<Confirmation | undefined> {
  const { profile } = act.connection;
  const place = t('{0} ({1}, {2})', profile.name, environmentWord(profile), addressOf(profile));
  const question = t('{0} on {1}?', act.question, place);
  if (app.gate.lock(act.connection)) return {};
  if (!(await confirm(question, act.detail, act.action))) return undefined;
  if (profile.environment !== 'prod') return {};
  const confirmedName = await askTypedName(act.question, profile.name);
  return confirmedName === undefined ? undefined : { confirmedName };
}
