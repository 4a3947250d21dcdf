import { keepsSecrets } from './secretResolver';
import { secretRef, type ConnectionProfile } from './profile';
import { restored, secretsUnavailable, type SavePorts } from './saveConnection';

/**
 * Deletes a profile with its secret: when either part fails, both are still there and the error says so.
 * `leaveSecret` is for a keyring that is gone, after the person agreed: a sweep removes the secret if it comes back.
 */
export async function deleteConnection(
  ports: SavePorts,
  profile: ConnectionProfile,
  leaveSecret = false,
): Promise<void> {
  const intent = await ports.intents.begin(profile.id);
  const restore = leaveSecret ? () => Promise.resolve() : await removeSecret(ports, profile);
  try {
    await ports.profiles.remove(profile.id);
  } catch (thrown) {
    await restored(restore, `"${profile.name}" was not deleted, but its saved password is gone`);
    throw thrown;
  }
  // a secret that was left is for a sweep to remove, once the keyring is back
  if (!leaveSecret) await ports.intents.end(intent).catch(() => undefined);
}

async function removeSecret({ vault }: SavePorts, profile: ConnectionProfile): Promise<() => Promise<void>> {
  const ref = secretRef(profile.id);
  try {
    const before = await vault.get(ref);
    if (before === undefined) return () => Promise.resolve();
    await vault.remove(ref);
    return () => vault.set(ref, before);
  } catch (thrown) {
    if (!keepsSecrets(profile)) return () => Promise.resolve();
    throw secretsUnavailable(
      `The saved password of "${profile.name}" could not be deleted, so nothing was deleted`,
      thrown,
    );
  }
}
