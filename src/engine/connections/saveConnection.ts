import { EngineError, toError } from '../kernel/errors';
import { keepsSecrets } from './secretResolver';
import { parseProfile, secretRef, type ConnectionProfile } from './profile';
import { bindingOf } from './secretBinding';
import type { ConnectionSecrets, KeptSecrets, ProfileStore, SecretIntents, SecretVault } from './stores';

export interface SavePorts {
  readonly profiles: ProfileStore;
  readonly vault: SecretVault;
  readonly intents: SecretIntents;
}

/**
 * Saves a profile and its secrets as one act: when either part fails, both are as before and the error says so. The
 * secrets are bound to what the profile says now, so the caller gives only what the person entered for it.
 * `secrets` undefined keeps what is stored; an empty object removes it. A profile that asks each session stores none.
 */
export async function saveConnection(
  ports: SavePorts,
  input: ConnectionProfile,
  secrets: ConnectionSecrets | undefined,
): Promise<ConnectionProfile> {
  const profile = parseProfile(input);
  const wanted = keepsSecrets(profile) ? withoutAsked(profile, secrets) : {};
  if (wanted === undefined) {
    await ports.profiles.save(profile);
    return profile;
  }
  const intent = await ports.intents.begin(profile.id);
  const bound = { ...wanted, boundTo: bindingOf(profile) };
  const swap = await swapSecrets(ports.vault, secretRef(profile.id), bound);
  try {
    await ports.profiles.save(profile);
  } catch (thrown) {
    await restored(swap.undo, 'The connection was not saved, and its saved password may have been replaced');
    throw thrown;
  }
  await endIntent(ports, intent, swap.redo);
  return profile;
}

/** A sweep that took this act for cut off may have removed the secret: then it is put there again. */
async function endIntent({ intents }: SavePorts, intent: string, redo: () => Promise<void>): Promise<void> {
  let isSwept = false;
  try {
    isSwept = !(await intents.end(intent));
  } catch {
    // both parts are done: the note is left to a sweep, which finds the profile and does nothing else
  }
  if (isSwept) await restored(redo, 'The connection was saved, but not its password');
}

/** A password that is asked for in each session is never kept; the passphrase of a client key may be. */
function withoutAsked(
  profile: ConnectionProfile,
  secrets: ConnectionSecrets | undefined,
): ConnectionSecrets | undefined {
  const keepsPassword = profile.auth.method !== 'none' && profile.auth.secret === 'stored';
  if (keepsPassword || !secrets) return secrets;
  return secrets.keyPassphrase === undefined ? {} : { keyPassphrase: secrets.keyPassphrase };
}

/** A replacement of secrets that was made: the way back, and the way there once more. */
interface Swap {
  readonly undo: () => Promise<void>;
  readonly redo: () => Promise<void>;
}

const nothing = (): Promise<void> => Promise.resolve();
const none: Swap = { undo: nothing, redo: nothing };

/** Replaces the secrets under `ref`. */
async function swapSecrets(vault: SecretVault, ref: string, secrets: KeptSecrets): Promise<Swap> {
  const isEmpty = secrets.password === undefined && secrets.keyPassphrase === undefined;
  let before: KeptSecrets | undefined;
  try {
    before = await vault.get(ref);
    if (isEmpty && before === undefined) return none;
    const redo = (): Promise<void> => (isEmpty ? vault.remove(ref) : vault.set(ref, secrets));
    await redo();
    const kept = before;
    return { redo, undo: () => (kept ? vault.set(ref, kept) : vault.remove(ref)) };
  } catch (thrown) {
    // a profile that needs no stored secret can do without the keyring, unless it is known to hold one
    if (isEmpty && before === undefined) return none;
    const what = isEmpty ? 'The saved password could not be removed' : 'The password could not be saved';
    throw secretsUnavailable(`${what}, so the connection was not saved either`, thrown);
  }
}

/** Takes the way back; when that fails too, `message` tells what is left half done. */
export async function restored(undo: () => Promise<void>, message: string): Promise<void> {
  try {
    await undo();
  } catch (thrown) {
    throw secretsUnavailable(message, thrown);
  }
}

/** SecretStorage failed: what that means for the person, with the cause kept. */
export function secretsUnavailable(message: string, thrown: unknown): EngineError {
  return new EngineError('INTERNAL_ERROR', 'secrets-unavailable', message, { cause: toError(thrown) });
}
