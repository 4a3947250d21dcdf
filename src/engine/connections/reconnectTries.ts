import type { Clock, Random } from '../kernel/ports';
import { backoff } from '../kernel/retry';

/** How long and how often a lost server is tried again: about six minutes in all. */
const rule = { maxAttempts: 20, backoffMs: 500, backoffStrategy: 'exponential' } as const;

/** How long a server must stay before its next loss counts as the first, milliseconds: as long as the longest wait. */
const staysMs = 30_000;

/**
 * Counts the tries of a lost server over all its losses. One that answers and is lost again at once would otherwise be tried
 * for ever, without a longer wait.
 */
export class ReconnectTries {
  private made = 0;
  private upSince: number | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** Tells whether the server is connected now. */
  note(isUp: boolean): void {
    const now = this.clock.monotonic();
    if (isUp) this.upSince ??= now;
    else {
      if (this.upSince !== undefined && now - this.upSince >= staysMs) this.made = 0;
      this.upSince = undefined;
    }
  }

  /** Counts one more; gives how long to wait before it, milliseconds, or undefined when there were enough. */
  next(): number | undefined {
    if (this.made === rule.maxAttempts) return undefined;
    return backoff(rule, ++this.made, this.random);
  }

  /** Begins anew: somebody asked for the server. */
  restart(): void {
    this.made = 0;
  }
}
