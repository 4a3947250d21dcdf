const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;

/** How far ahead of the time that passed the wall clock may be without being doubted, milliseconds. */
const toleranceMs = hourMs;

/** How long it has to stay ahead until it is believed, milliseconds. */
const doubtMs = dayMs;

/** What a round counts for at least: where windows never live for two rounds, a clock comes to be believed all the same. */
const leastRoundMs = 10 * 60_000;

/** The time by which records are judged too old. */
export interface AgingTime {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How long the wall clock has been ahead of it, milliseconds. */
  readonly doubtedMs: number;
}

/**
 * The next aging time. It goes on by the time that surely passed since the last. A wall clock that is further ahead
 * (set wrong, or the machine was off) is believed when it has stayed so for a day of use, and then followed by a day a
 * round: one that is set right before takes nothing with it. One that is behind takes nothing in any case.
 */
export function agingTime(wallNow: number, last: AgingTime | undefined, passedMs: number): AgingTime {
  if (last === undefined) return { now: wallNow, doubtedMs: 0 };
  const passed = Math.max(0, passedMs);
  const expected = last.now + passed;
  if (wallNow <= expected + toleranceMs) {
    return { now: Math.max(wallNow, last.now - dayMs), doubtedMs: 0 };
  }
  const doubtedMs = last.doubtedMs + Math.max(passed, leastRoundMs);
  return { now: doubtedMs < doubtMs ? expected : Math.min(wallNow, expected + dayMs), doubtedMs };
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
