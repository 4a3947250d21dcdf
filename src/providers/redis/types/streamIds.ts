const highest = 2n ** 64n - 1n;

/**
 * The id next above one, so that a page goes on behind it: bounds that leave their id out came with Redis 6.2 only.
 * Undefined behind the last that there is.
 */
export function idAbove(id: string): string | undefined {
  const [ms, sequence] = partsOf(id);
  if (sequence < highest) return `${ms}-${sequence + 1n}`;
  return ms < highest ? `${ms + 1n}-0` : undefined;
}

/** The id next below one; undefined before the first that there is. */
export function idBelow(id: string): string | undefined {
  const [ms, sequence] = partsOf(id);
  if (sequence > 0n) return `${ms}-${sequence - 1n}`;
  return ms > 0n ? `${ms - 1n}-${highest}` : undefined;
}

function partsOf(id: string): [bigint, bigint] {
  const [ms = '0', sequence = '0'] = id.split('-');
  return [BigInt(ms), BigInt(sequence)];
}
