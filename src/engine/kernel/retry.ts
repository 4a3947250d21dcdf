import { toEngineError } from './errors';
import { pause } from './deadline';
import type { Random } from './ports';

/** When and how often a read is tried again; writes never are. */
export interface RetryRule {
  /** Attempts in all, 1 = no retry. */
  readonly maxAttempts: number;
  readonly backoffMs: number;
  readonly backoffStrategy: 'fixed' | 'exponential';
}

/** Longest wait that doubling leads to, milliseconds; a longer one that was asked for is kept. */
const maximumInterval = 30_000;

/** Milliseconds to wait before attempt `attempt + 1`, with full jitter on the upper half so that clients spread. */
export function backoff(rule: RetryRule, attempt: number, random: Random): number {
  const doubled = rule.backoffStrategy === 'fixed' ? rule.backoffMs : rule.backoffMs * 2 ** (attempt - 1);
  const interval = Math.min(doubled, Math.max(rule.backoffMs, maximumInterval));
  return Math.round(interval * (0.5 + random.next() / 2));
}

/** Runs `work` until it succeeds, fails for good, or attempts run out; resolves with the number of attempts made. */
export async function withRetry<T>(
  rule: RetryRule,
  random: Random,
  signal: AbortSignal | undefined,
  work: (attempt: number) => Promise<T>,
): Promise<{ value: T; attempts: number }> {
  for (let attempt = 1; ; attempt++) {
    try {
      return { value: await work(attempt), attempts: attempt };
    } catch (thrown) {
      const error = toEngineError(thrown);
      if (!error.retryable || attempt >= rule.maxAttempts || signal?.aborted) throw error;
      await pause(backoff(rule, attempt, random), signal);
      if (isAborted(signal)) throw error;
    }
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted ?? false;
}
