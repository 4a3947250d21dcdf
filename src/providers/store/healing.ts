import type { Clock, Random } from '../../engine/kernel/ports';
import { type RetryRule, backoff } from '../../engine/kernel/retry';
import type { StoreCore } from './storeCore';
import { mayPass } from './storeErrors';
import type { StoreFiles } from './storeFiles';
import { canBeWritten } from './writeProbe';

/** How long a store is shown read-only, at the least, before it is opened anew, milliseconds. */
const patienceMs = 5000;

/** How often an upgrade that failed is tried again while somebody wants to write; in the end twice a minute. */
const upgradeRule: RetryRule = {
  maxAttempts: Infinity,
  backoffMs: patienceMs,
  backoffStrategy: 'exponential',
};

/**
 * Looks whether what keeps a store read-only is over: an error of the system, by trying its folder; an upgrade that
 * failed, by trying it in memory, which keeps readers waiting, so less and less often and only for writes that were
 * refused meanwhile. A store of a later version waits for a reload of the window.
 */
export class Healing {
  private attempts = 0;
  private nextLook: number;

  constructor(
    private readonly options: {
      readonly core: Pick<StoreCore, 'frozenBecause' | 'refusedWrites' | 'couldBeUpgraded'>;
      readonly files: StoreFiles;
      readonly folder: string;
      readonly clock: Clock;
      readonly random: Random;
    },
  ) {
    this.nextLook = options.clock.monotonic() + patienceMs;
  }

  isOver(): boolean {
    const { core, files, folder, clock } = this.options;
    const because = core.frozenBecause;
    if (!because?.retryable || clock.monotonic() < this.nextLook) return false;
    return mayPass(because) ? canBeWritten(files, folder) : this.tryUpgrade();
  }

  private tryUpgrade(): boolean {
    const { core, clock, random } = this.options;
    if (core.refusedWrites === 0) return false;
    const isPossible = core.couldBeUpgraded();
    this.nextLook = clock.monotonic() + backoff(upgradeRule, ++this.attempts, random);
    return isPossible;
  }
}
