import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { draftKey } from '../../../src/protocol/draftKey';
import { moved, settled } from '../../../src/protocol/draftSaved';
import type { ChangeDto } from '../../../src/protocol/valueChange';
import { type Draft, isDirty, nameOf } from './draft';

/** The unsaved edits of a panel, by `draftKey`. They outlive every snapshot; only a save or the person ends one. */
export class Drafts {
  private readonly all = signal<ReadonlyMap<string, Draft>>(new Map());
  /** Edits that would change something. */
  readonly dirty: ReadonlySignal<readonly Draft[]> = computed(() =>
    [...this.all.value.values()].filter(isDirty),
  );

  get(key: string): Draft | undefined {
    return this.all.value.get(key);
  }

  put(draft: Draft): void {
    this.all.value = new Map(this.all.value).set(draftKey(draft.target), draft);
  }

  remove(key: string): void {
    const left = new Map(this.all.value);
    left.delete(key);
    this.all.value = left;
  }

  clear(): void {
    this.all.value = new Map();
  }

  /** Elements of a list were added or taken away: the edits of those behind them move along. */
  follow(change: Extract<ChangeDto, { kind: 'elements' }>): void {
    this.all.value = moved(this.all.value, change);
  }

  /** A save of `sent` was applied. What was typed meanwhile stays, now based on what is saved. */
  settle(sent: Draft, after: string, cas: string | undefined): void {
    const name = nameOf(sent);
    this.all.value = settled(this.all.value, sent, { after, cas, ...('name' in name && name) });
  }

  /** Takes the edits of the host, where one was saved, undone, given up or brought back; what was typed since is kept. */
  take(theirs: readonly Draft[], told: ReadonlyMap<string, Draft>): void {
    const next = new Map(theirs.map((draft) => [draftKey(draft.target), draft]));
    for (const [key, draft] of this.all.value)
      if (told.get(key) !== draft && isDirty(draft)) next.set(key, draft);
    this.all.value = next;
  }
}

/** An item was written anew with these flags, its value as it was: an edit of it goes on from there. */
export function withFlags(draft: Draft, flags: number, cas: string): Draft {
  return draft.target.kind === 'item' ? { ...draft, target: { kind: 'item', cas, flags } } : draft;
}
