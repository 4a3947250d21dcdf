import { EngineError, toError } from '../kernel/errors';
import type { Log } from '../kernel/ports';
import { secretRef, type ConnectionProfile } from './profile';
import { bindingOf } from './secretBinding';
import { keepsSecrets } from './secretResolver';
import type { ProfileStore, SecretVault } from './stores';

/** A note beside the secrets, out of reach of whoever can change profiles. */
export interface BoundMark {
  isSet(): Promise<boolean>;
  set(): Promise<void>;
}

/** A vault that binds what earlier versions stored before it is read. */
export interface BoundVault extends SecretVault {
  /** Does so now; rejects never. */
  bindOld(): Promise<void>;
}

/** What binding the secrets of earlier versions works on. */
export interface BindOldPorts {
  readonly vault: SecretVault;
  readonly profiles: Pick<ProfileStore, 'list'>;
  readonly mark: BoundMark;
  readonly log: Log;
}

/**
 * A vault whose secrets of earlier versions, which did not say what they were entered for, are bound to their profiles as
 * these are at the first start of this version, once for all windows. One that is found without binding later is not used.
 * A window that does it while another saves a password can at worst bind the old one, which then is asked for again.
 */
export function boundVault(ports: BindOldPorts): BoundVault {
  const { vault, log } = ports;
  let binding: Promise<void> | undefined;
  const bindOld = (): Promise<void> => {
    binding ??= bindAll(ports).catch((thrown: unknown) => {
      binding = undefined;
      log.warn('Saved secrets could not be bound to their connections', { error: toError(thrown).name });
    });
    return binding;
  };
  return {
    ...vault,
    bindOld,
    get: async (ref) => {
      await bindOld();
      return vault.get(ref);
    },
  };
}

async function bindAll({ vault, profiles, mark, log }: BindOldPorts): Promise<void> {
  const keeping = (await profiles.list()).filter(keepsSecrets);
  // a keyring is not unlocked for a person who keeps nothing in it
  if (keeping.length === 0 || (await mark.isSet())) return;
  for (const profile of keeping) await bindOne(vault, profile, log);
  await mark.set();
}

async function bindOne(vault: SecretVault, profile: ConnectionProfile, log: Log): Promise<void> {
  try {
    const ref = secretRef(profile.id);
    const kept = await vault.get(ref);
    if (kept && !kept.boundTo) await vault.set(ref, { ...kept, boundTo: bindingOf(profile) });
  } catch (thrown) {
    // an entry that cannot be read is no cause to leave the others unbound; a keyring that fails is tried again
    if (!(thrown instanceof EngineError)) throw thrown;
    log.warn('A saved secret cannot be read', { error: thrown.reason });
  }
}
