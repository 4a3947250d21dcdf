import { toError } from '../kernel/errors';
import type { Disposable } from '../kernel/lifetime';
import type { Log } from '../kernel/ports';
import type { CollectingSwitch } from './collecting';
import type { RetentionStore } from './retentionStore';

/** What following the rounds of retention needs. */
export interface FollowRoundsPorts {
  readonly store: Pick<RetentionStore, 'lastRound'>;
  readonly collecting: CollectingSwitch;
  /** Tells when a round may have been saved, by any window. */
  readonly onRound: (listener: () => void) => Disposable;
  readonly log: Log;
}

/** Keeps what is collected here as the last round decided it, in whichever window that round was. */
export function followRounds({ store, collecting, onRound, log }: FollowRoundsPorts): Disposable {
  let last = 0;
  const read = async (): Promise<void> => {
    const mine = ++last;
    try {
      const round = await store.lastRound();
      if (mine === last) collecting.set(round?.stopped ?? []);
    } catch (thrown) {
      log.warn('What is to be collected could not be read', { error: toError(thrown).message });
    }
  };
  const listener = onRound(() => void read());
  return {
    dispose: () => {
      last++;
      listener.dispose();
    },
  };
}
