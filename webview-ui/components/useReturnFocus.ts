import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/** A part that goes away with the focus in it gives the focus back to what had it when the part came. */
export function useReturnFocus(part: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const before = document.activeElement;
    const own = part.current;
    return () => {
      const takesFocusAlong = own?.contains(document.activeElement) ?? false;
      if (takesFocusAlong && before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
}
