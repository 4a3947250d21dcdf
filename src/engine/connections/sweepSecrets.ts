import { toError } from '../kernel/errors';
import type { Clock, Log } from '../kernel/ports';
import { secretRef } from './profile';
import type { SecretIntents, SecretVault } from './stores';

const hourMs = 3_600_000;

/** What a sweep works on. */
export interface SecretSweepPorts {
  readonly vault: SecretVault;
  readonly intents: SecretIntents;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Removes the secrets that cut-off acts left without a profile; resolves with how many. An act counts as cut off an hour
 * after it began. One that was only stalled loses nothing: this sweep removes its note before it looks for the profile
 * once more, so either this sweep sees the profile and puts the secret back, or the act misses its note and does.
 */
export async function sweepSecrets(ports: SecretSweepPorts, signal: AbortSignal): Promise<number> {
  const { intents, clock, log } = ports;
  let removed = 0;
  for (const { id, profileId } of await intents.begunBefore(clock.now() - hourMs)) {
    if (signal.aborted) break;
    try {
      if (await sweepOne(ports, id, profileId)) removed++;
    } catch (thrown) {
      log.warn('A secret without connection could not be looked for', { error: toError(thrown).name });
    }
  }
  if (removed > 0) log.info('Secrets without connection were removed', { count: removed });
  return removed;
}

async function sweepOne(
  { vault, intents }: SecretSweepPorts,
  id: string,
  profileId: string,
): Promise<boolean> {
  const ref = secretRef(profileId);
  const orphan = (await intents.hasProfile(profileId)) ? undefined : await vault.get(ref);
  if (orphan) await vault.remove(ref);
  await intents.end(id);
  if (!orphan || !(await intents.hasProfile(profileId))) return orphan !== undefined;
  await vault.set(ref, orphan);
  return false;
}
