import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';

/** What of an element is scrolled into view, pixels. */
export interface Viewport {
  readonly top: number;
  readonly height: number;
}

/** What is scrolled into view; changes with scrolling and size. */
export function useViewport(scroller: RefObject<HTMLDivElement | null>): Viewport {
  const [view, setView] = useState<Viewport>({ top: 0, height: 0 });
  const measure = (): void => {
    const element = scroller.current;
    if (element) setView({ top: element.scrollTop, height: element.clientHeight });
  };
  useLayoutEffect(measure, []);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);
  return view;
}
