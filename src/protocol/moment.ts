/** The last moment that a date can hold, milliseconds since the epoch: in the year 275760. */
export const lastMoment = 8.64e15;

/** Whether a date can hold this moment; servers count further. */
export function hasDate(ms: number): boolean {
  return Math.abs(ms) <= lastMoment;
}

/** A moment for machines; its bare milliseconds where no date holds it. */
export function isoMoment(ms: number): string {
  return hasDate(ms) ? new Date(ms).toISOString() : String(ms);
}
