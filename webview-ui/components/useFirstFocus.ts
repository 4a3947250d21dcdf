import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/** Gives the focus to the first text field of a part when the part comes. */
export function useFirstFocus(part: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const first = (): HTMLElement | null | undefined =>
      part.current?.querySelector<HTMLElement>('vscode-text-field, textarea, input');
    // The toolkit draws the input a moment after its element is attached.
    requestAnimationFrame(() => first()?.focus());
  }, []);
}
