import { keepsSecrets } from './secretResolver';
import { secretRef, type ConnectionProfile } from './profile';
import { restored, secretsUnavailable, type SavePorts } from './saveConnection';

/**
 * Deletes a profile with its secret: when either part fails, both are still there and the error says so.
 * `leaveSecret` is for a keyring that is gone for good, after the person agreed.
 */
export async function deleteConnection(
  ports: SavePorts,
  profile: ConnectionProfile,
  leaveSecret = false,
): Promise<void> {
  const restore = leaveSecret ? () => Promise.resolve() : await removeSecret(ports, profile);
  try {
    await ports.profiles.remove(profile.id);
  } catch (thrown) {
    await restored(restore, `"${profile.name}" was not deleted, but its saved password is gone`);
    throw thrown;
  }
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
