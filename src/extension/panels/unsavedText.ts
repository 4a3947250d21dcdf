import * as vscode from 'vscode';
import type { OutcomeDto } from '../../protocol/value';

const t = vscode.l10n.t;

/** An edit that was not sent. */
export interface Refused {
  readonly status: 'refused';
  readonly message: string;
}

/** Why an edit was not saved. */
export type Stop = Exclude<OutcomeDto, { status: 'applied' }> | Refused;

/** Why the editor could not save a value, as a sentence that ends with what to do. */
export function unsavedText(label: string, stop: Stop): string {
  if (stop.status === 'unknown' || stop.status === 'refused') return stop.message;
  if (stop.status === 'dismissed') return t('The question was not answered with yes. Nothing was saved.');
  switch (stop.reason) {
    case 'changed':
      return t(
        '{0} was changed on the server after you read it. Nothing was saved: its panel shows both sides.',
        label,
      );
    case 'gone':
      return t('{0} was deleted on the server after you read it. Nothing was saved.', label);
    case 'exists':
      return t('{0} has an element of this name by now. Nothing was saved.', label);
    case 'wrong-type':
      return t('{0} now holds another type of value. Nothing was saved.', label);
  }
}
