const dayMs = 24 * 60 * 60_000;

/**
 * The time by which records are judged too old. It follows the wall clock by at most a day a round beside the time
 * that surely passed, so that a clock set wrong takes little with it before it is set right.
 */
export function agingTime(wallNow: number, last: number | undefined, passedMs: number): number {
  if (last === undefined) return wallNow;
  return Math.min(Math.max(wallNow, last - dayMs), last + dayMs + Math.max(0, passedMs));
}

/** The time before which records are too old. */
export function oldestKept(now: number, retentionDays: number): number {
  return now - retentionDays * dayMs;
}

/**
 * What of the roll-ups is too old: minutes are for looking close and go after 7 days, hours after twelve times the
 * retention of the events they count.
 */
export function oldestRollUps(now: number, retentionDays: number): { minutes: number; hours: number } {
  return { minutes: now - 7 * dayMs, hours: now - 12 * retentionDays * dayMs };
}
