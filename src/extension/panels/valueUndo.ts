import * as vscode from 'vscode';
import type { Applied, Change } from '../../engine/connections/change';
import { casOfOurs } from '../../engine/values/casOfOurs';
import { inverseOf } from '../../engine/values/undo';
import { expiryOf } from '../../engine/keys/expiryOf';
import type { OpenedValue } from '../../engine/keys/openValue';

const t = vscode.l10n.t;

/** A change that takes back the last one. */
export interface Undoable {
  readonly change: Change;
  /** What it takes back, as a sentence. */
  readonly label: string;
}

/** What a panel knew before a change and after it. */
export interface Around {
  readonly before: OpenedValue;
  readonly after: OpenedValue | undefined;
  /** Moments at which a time to live was read, milliseconds. */
  readonly seenAtMs: number;
}

/** How an applied change is taken back; undefined where that would not give back exactly what was there. */
export function undoOf(change: Change, applied: Applied, around: Around): Undoable | undefined {
  const inverse =
    change.kind === 'ttl'
      ? inverseOfTtl(change, around)
      : inverseOf(
          change,
          applied,
          casOfOurs(change, around.before, around.after),
          around.before.facts?.flags,
        );
  return inverse && { change: inverse, label: labelOf(change) };
}

/** Only if the time to live is still the one that was set; Memcached cannot tell that in one step. */
function inverseOfTtl(
  { key, ttl }: Extract<Change, { kind: 'ttl' }>,
  { before, seenAtMs }: Around,
): Change | undefined {
  if (!before.facts || before.facts.type === 'item' || ttl.mode === 'keep') return undefined;
  if (before.facts.hiddenTtl !== undefined) return undefined;
  const expireAtMs = expiryOf(before.facts, seenAtMs);
  return {
    kind: 'ttl',
    key,
    ttl: expireAtMs === undefined ? { mode: 'remove' } : { mode: 'set', expireAtMs },
    before: { expireAtMs: ttl.mode === 'set' ? ttl.expireAtMs : undefined },
  };
}

function labelOf(change: Change): string {
  switch (change.kind) {
    case 'elements':
      return change.edits.edits.length === 1
        ? t('Undo the change of one element')
        : t('Undo the change of {0} elements', change.edits.edits.length);
    case 'ttl':
      return t('Undo the change of the TTL');
    case 'stream':
      return t('Undo: delete the entry that was added');
    default:
      return t('Undo the last save');
  }
}
