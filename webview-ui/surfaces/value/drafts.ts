import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { type Draft, draftKey, isDirty } from './draft';

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
    this.all.value = new Map(this.all.value).set(draftKey(draft), draft);
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
    const key = draftKey(sent);
    const now = this.get(key);
    if (now === undefined || now.text === sent.text || key === 'new') return this.remove(key);
    this.put({ ...now, before: saved, ...(cas === undefined ? {} : { cas }) });
  }
}
