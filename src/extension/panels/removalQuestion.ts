import * as vscode from 'vscode';
import type { Change, StreamAct } from '../../engine/connections/change';
import type { ElementEdits } from '../../engine/connections/elementEdits';
import { nameOfBytes } from '../../engine/keys/keyLabel';
import { number } from '../messages';

const t = vscode.l10n.t;

/** What is asked before something is taken away; undefined for a change that takes nothing. */
export interface RemovalQuestion {
  readonly question: string;
  readonly detail: string;
  readonly action: string;
}

const undoable = (): string => t('It can be undone in the panel, as long as nothing else changes it.');
const final = (): string => t('This cannot be undone.');

/** The question that a change deserves. `label` names the key. */
export function removalQuestion(change: Change, label: string): RemovalQuestion | undefined {
  if (change.kind === 'elements') return elementsQuestion(change.edits, label);
  if (change.kind === 'stream') return streamQuestion(change.act, label);
  if (change.kind !== 'json.set' || change.after !== undefined) return undefined;
  const action = t('Delete Path');
  return { question: t('Delete {0} of {1}', change.path, label), detail: undoable(), action };
}

/** Elements that are gone after the edits; a renamed one is not. */
function removed(edits: ElementEdits): number {
  const added = (edit: ElementEdits['edits'][number]): boolean =>
    typeof edit.before === 'boolean' ? edit.after && !edit.before : edit.before === undefined;
  const taken = (edit: ElementEdits['edits'][number]): boolean =>
    typeof edit.after === 'boolean' ? !edit.after : edit.after === undefined;
  const all: readonly ElementEdits['edits'][number][] = edits.edits;
  return all.some(added) ? 0 : all.filter(taken).length;
}

function elementsQuestion(edits: ElementEdits, label: string): RemovalQuestion | undefined {
  const count = removed(edits);
  if (count === 0) return undefined;
  const [first] = edits.edits;
  const question =
    count === 1 && first
      ? t('Delete {0} of {1}', nameOf(first), label)
      : t('Delete {0} elements of {1}', number(count), label);
  return { question, detail: undoable(), action: deleteAction(count) };
}

/** Which element: by its field, its position, or the start of the member. */
function nameOf(edit: ElementEdits['edits'][number]): string {
  if ('index' in edit) return t('element {0}', number(edit.index));
  return 'field' in edit
    ? t('the field {0}', nameOfBytes(edit.field).slice(0, 100))
    : t('the member {0}', nameOfBytes(edit.member).slice(0, 100));
}

function deleteAction(count: number): string {
  return count === 1 ? t('Delete 1 Element') : t('Delete {0} Elements', number(count));
}

function streamQuestion(act: StreamAct, label: string): RemovalQuestion | undefined {
  switch (act.act) {
    case 'delete':
      return entriesQuestion(act.ids, label);
    case 'trim':
      return {
        question:
          'maxLength' in act.to
            ? shorteningQuestion(act.to.maxLength, label)
            : t('Delete all entries below {0} of {1}', act.to.minId, label),
        detail: final(),
        action: t('Trim Stream'),
      };
    case 'deleteGroup':
      return {
        question: t('Delete the group {0} of {1}', nameOfBytes(act.group), label),
        detail: t('Where it reads and what it has pending is lost. This cannot be undone.'),
        action: t('Delete Group'),
      };
    case 'deleteConsumer':
      return {
        question: t('Delete the consumer {0} of {1}', nameOfBytes(act.consumer), label),
        detail: t('What it has pending is given to nobody any more. This cannot be undone.'),
        action: t('Delete Consumer'),
      };
    case 'setGroupId':
      return {
        question: t('Move the group {0} of {1} to {2}', nameOfBytes(act.group), label, act.from),
        detail: t('Entries may be delivered again, or not at all.'),
        action: t('Move Group'),
      };
    default:
      return undefined;
  }
}

function entriesQuestion(ids: readonly string[], label: string): RemovalQuestion {
  const [first] = ids;
  const detail = final();
  if (ids.length === 1 && first !== undefined)
    return { question: t('Delete the entry {0} of {1}', first, label), detail, action: t('Delete 1 Entry') };
  const count = number(ids.length);
  const question = t('Delete {0} entries of {1}', count, label);
  return { question, detail, action: t('Delete {0} Entries', count) };
}

function shorteningQuestion(kept: number, label: string): string {
  if (kept === 0) return t('Delete all entries of {0}', label);
  return kept === 1
    ? t('Delete all but the newest entry of {0}', label)
    : t('Delete all but the newest {0} entries of {1}', number(kept), label);
}
