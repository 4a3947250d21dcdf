import { effect, type ReadonlySignal } from '@preact/signals';
import type { Draft } from './draft';

/** Milliseconds without typing after which the host is given the unsaved edits to hold. */
const holdAfter = 400;

/** Gives the unsaved edits to the host whenever they changed and the person pauses. */
export function holdDrafts(
  dirty: ReadonlySignal<readonly Draft[]>,
  hold: (drafts: Draft[]) => Promise<void>,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let first = true;
  effect(() => {
    const drafts = [...dirty.value];
    clearTimeout(timer);
    if (!first) timer = setTimeout(() => void hold(drafts), holdAfter);
    first = false;
  });
}
