import { pause } from '../kernel/deadline';
import { profileOfSecret } from './profile';
import type { ProfileStore, SecretVault } from './stores';

/** How long a secret has to be without its profile, milliseconds: a connection is saved after its secret is. */
export const settleMs = 2 * 60_000;

/** What looking for orphan secrets needs. */
export interface OrphanPorts {
  readonly profiles: Pick<ProfileStore, 'ids'>;
  readonly vault: Pick<SecretVault, 'remove'>;
  /** Names of all secrets of the product; undefined where the editor cannot list them. */
  readonly listSecrets: (() => Promise<readonly string[]>) | undefined;
  /** Whether the store was read without loss: else a profile may be in what could not be read. */
  readonly isStoreWhole: () => Promise<boolean>;
  /** Waits; injected so that tests decide how long. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Removes secrets of connections that no longer exist, left behind when a deletion was cut off; returns how many. A
 * secret goes only if no profile row has its id, readable or not, at a second look some time after the first: another
 * window may just be saving the connection. Other secrets are never touched.
 */
export async function removeOrphanSecrets(ports: OrphanPorts, signal: AbortSignal): Promise<number> {
  const { profiles, vault, listSecrets, wait = pause } = ports;
  if (!listSecrets || !(await ports.isStoreWhole())) return 0;
  const names = await listSecrets();
  const suspects = await withoutProfile(names, profiles);
  if (suspects.length === 0) return 0;
  await wait(settleMs, signal);
  if (signal.aborted) return 0;
  const orphans = await withoutProfile(suspects, profiles);
  for (const name of orphans) await vault.remove(name);
  return orphans.length;
}

async function withoutProfile(
  names: readonly string[],
  profiles: Pick<ProfileStore, 'ids'>,
): Promise<string[]> {
  const ids = new Set(await profiles.ids());
  return names.filter((name) => {
    const id = profileOfSecret(name);
    return id !== undefined && !ids.has(id);
  });
}
