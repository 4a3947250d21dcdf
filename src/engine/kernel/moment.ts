/**
 * A point in time in whole milliseconds since the epoch: a number as long as that is exact, a bigint above 2^53.
 * Servers take moments up to 2^63 - 1. Equal moments are equal by `===`.
 */
export type Moment = number | bigint;

const latest = 2n ** 63n - 1n;

/** The moment that a decimal text names; undefined when it is none that a server can hold. */
export function parseMoment(text: string): Moment | undefined {
  if (!/^\d{1,19}$/.test(text)) return undefined;
  const exact = BigInt(text);
  if (exact > latest) return undefined;
  const number = Number(exact);
  return Number.isSafeInteger(number) ? number : exact;
}

/** Milliseconds from `now` until a moment: exact for every moment that a date can hold. */
export function msUntil(moment: Moment, now: number): number {
  return Number(moment) - now;
}

/** A moment as JSON holds it without loss: a number, or its decimal text where a number would not be exact. */
export function momentBody(moment: Moment): number | string {
  return typeof moment === 'number' ? moment : String(moment);
}
