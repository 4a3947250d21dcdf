export type TtlUnit = 'seconds' | 'minutes' | 'hours' | 'days';

const secondsIn = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 } as const satisfies Record<
  TtlUnit,
  number
>;

/** Longest time that is accepted, seconds: a hundred years. */
const longest = 100 * 366 * 86_400;

/** Whole seconds in an amount as typed, a comma or a point for decimals; undefined when it is no time to set. */
export function secondsOf(amount: string, unit: TtlUnit): number | undefined {
  if (!/^\s*\d+(?:[.,]\d+)?\s*$/.test(amount)) return undefined;
  return inRange(Math.round(Number(amount.replace(',', '.')) * secondsIn[unit]));
}

/** Whole seconds until a local date and time such as `2030-01-31T12:00`; undefined when it is not in the future. */
export function secondsUntil(moment: string, nowMs: number): number | undefined {
  return inRange(Math.round((new Date(moment).getTime() - nowMs) / 1000));
}

function inRange(seconds: number): number | undefined {
  return seconds >= 1 && seconds <= longest ? seconds : undefined;
}
