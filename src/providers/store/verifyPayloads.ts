import { EngineError } from '../../engine/kernel/errors';
import type { PayloadKey, PayloadKeys } from '../../engine/kernel/payloadKeys';
import type { VerifyReport } from '../../engine/retention/storage';
import { unseal } from './payloadCipher';
import type { PayloadFolder } from './payloadFolder';
import type { StoreAccess } from './storeAccess';
import { payloadRows } from './payloadRows';
import { payloadReads } from './reads/payloadReads';

/** What a check of the payloads needs. */
export interface VerifyPayloadsPorts {
  readonly access: StoreAccess;
  readonly folder: PayloadFolder;
  readonly keys: PayloadKeys;
}

type Verdict = 'sound' | 'missing' | 'damaged' | 'withoutKey';

/** Reads and decrypts every payload; what goes meanwhile is not counted. Ends early, with what was checked, on abort. */
export async function verifyPayloads(
  ports: VerifyPayloadsPorts,
  signal: AbortSignal,
): Promise<VerifyReport['payloads']> {
  const counts = { sound: 0, missing: 0, damaged: 0, withoutKey: 0 };
  const keyOf = rememberedKeys(ports.keys);
  for await (const [hash, keyId, bytes] of payloadRows(ports.access)) {
    if (signal.aborted) break;
    const payload = { hash: String(hash), keyId: String(keyId), bytes: Number(bytes) };
    const verdict = await judge(ports.folder, keyOf, payload);
    if (verdict === 'sound' || (await isStillThere(ports.access, payload.hash))) counts[verdict]++;
  }
  const { sound, ...bad } = counts;
  return { checked: sound + bad.missing + bad.damaged + bad.withoutKey, ...bad };
}

async function judge(
  folder: PayloadFolder,
  keyOf: (id: string) => Promise<PayloadKey | undefined>,
  { hash, keyId, bytes }: { readonly hash: string; readonly keyId: string; readonly bytes: number },
): Promise<Verdict> {
  const file = await folder.read(hash);
  if (!file) return 'missing';
  if (file.length !== bytes) return 'damaged';
  const key = await keyOf(keyId);
  if (!key) return 'withoutKey';
  try {
    await unseal(key, hash, file);
    return 'sound';
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.reason === 'payload-damaged') return 'damaged';
    throw thrown;
  }
}

/** Asks for each key once; a keyring that cannot be read holds none for now. */
function rememberedKeys(keys: PayloadKeys): (id: string) => Promise<PayloadKey | undefined> {
  const known = new Map<string, Promise<PayloadKey | undefined>>();
  return (id) => {
    const asked = known.get(id) ?? keys.byId(id).catch(unlessUnavailable);
    known.set(id, asked);
    return asked;
  };
}

function unlessUnavailable(thrown: unknown): undefined {
  if (thrown instanceof EngineError && thrown.reason === 'secrets-unavailable') return undefined;
  throw thrown;
}

async function isStillThere(access: StoreAccess, hash: string): Promise<boolean> {
  return (await access.read(payloadReads.one, [hash])).length > 0;
}
