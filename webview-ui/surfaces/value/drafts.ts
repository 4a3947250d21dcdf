import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { type Draft, draftKey, isDirty, isNew, type Target } from './draft';

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

  /** A save of `sent` was applied. What was typed meanwhile stays, now based on what is saved. */
  settle(sent: Draft, saved: string, cas: string | undefined): void {
    const key = draftKey(sent.target);
    const now = this.get(key);
    if (now === undefined || isSame(now, sent) || isNew(sent) || movesAway(sent)) return this.remove(key);
    this.put({ ...now, target: withCas(now.target, cas), before: saved, shown: sent.text });
  }
}

function isSame(one: Draft, other: Draft): boolean {
  return one.text === other.text && one.name === other.name && one.score === other.score;
}

/** Its element has another name after the save, so nothing can be based on it. */
function movesAway({ target, name }: Draft): boolean {
  return name !== undefined || target.kind === 'set' || target.kind === 'zset';
}

function withCas(target: Target, cas: string | undefined): Target {
  return target.kind === 'item' && cas !== undefined ? { ...target, cas } : target;
}
