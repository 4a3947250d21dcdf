import { EngineError, toError } from '../kernel/errors';
import { keepsSecrets } from './secretResolver';
import { parseProfile, secretRef, type ConnectionProfile } from './profile';
import type { ConnectionSecrets, ProfileStore, SecretVault } from './stores';

export interface SavePorts {
  readonly profiles: ProfileStore;
  readonly vault: SecretVault;
}

/**
 * Saves a profile and its secrets as one act: when either part fails, both are as before and the error says so.
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
  const undo = await swapSecrets(ports.vault, secretRef(profile.id), wanted);
  try {
    await ports.profiles.save(profile);
  } catch (thrown) {
    await restored(undo, 'The connection was not saved, and its saved password may have been replaced');
    throw thrown;
  }
  return profile;
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

/** Replaces the secrets under `ref`; resolves with the way back. */
async function swapSecrets(
  vault: SecretVault,
  ref: string,
  secrets: ConnectionSecrets,
): Promise<() => Promise<void>> {
  const isEmpty = secrets.password === undefined && secrets.keyPassphrase === undefined;
  let before: ConnectionSecrets | undefined;
  try {
    before = await vault.get(ref);
    if (isEmpty && before === undefined) return () => Promise.resolve();
    await (isEmpty ? vault.remove(ref) : vault.set(ref, secrets));
    const kept = before;
    return () => (kept ? vault.set(ref, kept) : vault.remove(ref));
  } catch (thrown) {
    // a profile that needs no stored secret can do without the keyring, unless it is known to hold one
    if (isEmpty && before === undefined) return () => Promise.resolve();
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
