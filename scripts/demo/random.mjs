/** Chance that repeats: the same seed gives the same numbers (mulberry32), so that every demo looks alike. */
export function seededRandom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(next() * limit);
  return {
    next,
    /** A whole number from 0 up to, and without, `limit`. */
    below,
    pick: (list) => list[below(list.length)],
    /** Text of `length` hexadecimal digits. */
    hex: (length) => Array.from({ length }, () => below(16).toString(16)).join(''),
    /** `length` bytes. */
    bytes: (length) => Buffer.from(Array.from({ length }, () => below(256))),
  };
}
