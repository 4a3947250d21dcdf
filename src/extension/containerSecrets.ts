import { sweepSecrets } from '../engine/connections/sweepSecrets';
import type { SecretVault } from '../engine/connections/stores';
import { systemClock } from '../engine/kernel/clock';
import { toEngineError } from '../engine/kernel/errors';
import { Lifetime, type Disposable } from '../engine/kernel/lifetime';
import type { Log } from '../engine/kernel/ports';
import { underLease } from '../engine/kernel/underLease';
import type { Store } from '../providers/store/openStore';
import { nodeTimers } from '../providers/store/timers';

/** Secrets without connection are looked for this long after the store was first reached, milliseconds. */
const sweepAfterMs = 60_000;

/** Has the secrets looked through once by one of the windows; a store that cannot be written keeps them as they are. */
export function sweepSecretsLater(store: Store, vault: SecretVault, log: Log): Disposable {
  const life = new Lifetime();
  const ports = { leases: store.leases, clock: systemClock, timers: nodeTimers, log };
  const sweep = (): void => {
    underLease(ports, 'secrets', store.holder, (_, signal) =>
      sweepSecrets({ vault, intents: store.intents, clock: systemClock, log }, signal),
    ).catch((thrown: unknown) => {
      log.warn('Secrets could not be looked through', { error: toEngineError(thrown).message });
    });
  };
  const first = life.own(
    store.onLink(() => {
      first.dispose();
      life.own(nodeTimers.after(sweepAfterMs, sweep));
    }),
  );
  return life;
}
