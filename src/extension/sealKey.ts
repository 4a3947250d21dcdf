import { randomBytes } from 'node:crypto';
import type { SecretStorage } from 'vscode';
import { toError } from '../engine/kernel/errors';
import type { Log } from '../engine/kernel/ports';
import type { SealKey } from '../engine/transfer/dumpSeal';

const name = 'cachify.dumpSeal';

/**
 * The key that seals serialised values in files of this installation, made at its first use. Undefined where the secret storage
 * keeps nothing: files are then written without seals, and none is taken for one of ours.
 */
export async function sealKeyOf(secrets: Pick<SecretStorage, 'get' | 'store'>, log: Log): Promise<SealKey> {
  try {
    const kept = await secrets.get(name);
    if (kept !== undefined && /^[0-9a-f]{64}$/.test(kept)) return Buffer.from(kept, 'hex');
    await secrets.store(name, randomBytes(32).toString('hex'));
    // what another window stored at the same time counts, and what was not kept does not
    const stored = await secrets.get(name);
    return stored === undefined ? undefined : Buffer.from(stored, 'hex');
  } catch (thrown) {
    log.warn('The key that seals exports cannot be kept', { reason: toError(thrown).name });
    return undefined;
  }
}
