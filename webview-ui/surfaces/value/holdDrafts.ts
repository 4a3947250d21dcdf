import { effect, type ReadonlySignal } from '@preact/signals';
import type { Draft } from './draft';

/** Milliseconds without typing after which the host is given the unsaved edits to hold. */
const holdAfter = 400;

/**
 * Gives the unsaved edits to the host whenever they changed and the person pauses, and at once when one has ended.
 * What it gives back tells them now, should a pause be still awaited.
 */
export function holdDrafts(
  dirty: ReadonlySignal<readonly Draft[]>,
  hold: (drafts: Draft[]) => Promise<void>,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let held: number | undefined;
  const tell = (): void => {
    clearTimeout(timer);
    timer = undefined;
    void hold([...dirty.peek()]);
  };
  effect(() => {
    const count = dirty.value.length;
    clearTimeout(timer);
    // one that was saved must not come back as unsaved with the next page: it might be added twice
    if (held !== undefined && count < held) tell();
    else if (held !== undefined) timer = setTimeout(tell, holdAfter);
    held = count;
  });
  return () => timer !== undefined && tell();
}

/**
 * Runs before something else may take the page away: a key of the editor, a click elsewhere, another tab, and the
 * end of this, which the returned function is.
 */
export function beforeLeaving(run: () => void): () => void {
  const { documentElement } = document;
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) run();
  };
  document.addEventListener('keydown', onKey, { capture: true });
  documentElement.addEventListener('mouseleave', run);
  document.addEventListener('visibilitychange', run);
  window.addEventListener('blur', run);
  return () => {
    run();
    document.removeEventListener('keydown', onKey, { capture: true });
    documentElement.removeEventListener('mouseleave', run);
    document.removeEventListener('visibilitychange', run);
    window.removeEventListener('blur', run);
  };
}
