/** Where the active row goes for a key; undefined when the key does not move it. `page` is rows on screen. */
export function moveActiveRow(key: string, active: number, last: number, page: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return Math.min(active + 1, last);
    case 'ArrowUp':
      return Math.max(active - 1, 0);
    case 'PageDown':
      return Math.min(active + page, last);
    case 'PageUp':
      return Math.max(active - page, 0);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}

/** The rows to draw for what is scrolled into view, a few more on each side. */
export function windowOf(
  scrollTop: number,
  height: number,
  rowHeight: number,
  count: number,
): readonly [number, number] {
  const margin = 8;
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - margin);
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + margin);
  return [Math.min(first, end), end];
}
