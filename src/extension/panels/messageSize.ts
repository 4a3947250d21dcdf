/** Characters counted for each value beside those of its text: names, quotes, separators. */
const overhead = 4;

/**
 * Whether a message is longer than `limit` characters, roughly as JSON. It stops counting at the limit, so that a
 * huge or circular message costs no more than one at the limit.
 */
export function exceeds(message: unknown, limit: number): boolean {
  const left: unknown[] = [message];
  let size = 0;
  while (left.length > 0) {
    const value = left.pop();
    size += overhead + (typeof value === 'string' ? value.length : 0);
    if (size > limit) return true;
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) size += value.byteLength;
    else if (typeof value === 'object' && value !== null) {
      for (const [name, part] of Object.entries(value)) {
        size += name.length;
        left.push(part);
        if (left.length > limit) return true;
      }
    }
  }
  return size > limit;
}
