import { effect, type ReadonlySignal } from '@preact/signals';
import type { Draft } from './draft';

/** Milliseconds without typing after which the host is given the unsaved edits to hold. */
const holdAfter = 400;

/** Gives the unsaved edits to the host whenever they changed and the person pauses, and at once when one has ended. */
export function holdDrafts(
  dirty: ReadonlySignal<readonly Draft[]>,
  hold: (drafts: Draft[]) => Promise<void>,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let held: number | undefined;
  effect(() => {
    const drafts = [...dirty.value];
    clearTimeout(timer);
    // one that was saved must not come back as unsaved with the next page: it might be added twice
    const isShorter = held !== undefined && drafts.length < held;
    if (isShorter) void hold(drafts);
    else if (held !== undefined) timer = setTimeout(() => void hold(drafts), holdAfter);
    held = drafts.length;
  });
}
