import { systemRandom } from '../../engine/kernel/clock';
import type { LeasePorts } from '../../engine/kernel/heldLease';
import type { PayloadKeys } from '../../engine/kernel/payloadKeys';
import type { PayloadStore } from '../../engine/kernel/payloads';
import type { VerifyReport } from '../../engine/retention/storage';
import { nodePayloadFiles } from './payloadFiles';
import { PayloadFolder } from './payloadFolder';
import { StoredPayloads } from './payloadStore';
import { type SweepReport, sweepPayloads } from './payloadSweep';
import type { StoreAccess } from './storeAccess';
import { verifyPayloads } from './verifyPayloads';

/** What payloads need of their host. */
export interface OpenPayloadsOptions extends LeasePorts {
  readonly access: StoreAccess;
  /** Folder of the store's files. */
  readonly folder: string;
  readonly keys: PayloadKeys;
  /** Unique to this window. */
  readonly holder: string;
}

/** Payloads with what keeps them in order. */
export interface Payloads extends PayloadStore {
  /** Removes what nothing refers to and what crashes left; undefined while another window does. */
  sweep(): Promise<SweepReport | undefined>;
  /** Reads and decrypts every payload. */
  verify(signal: AbortSignal): Promise<VerifyReport['payloads']>;
}

/** Prepares the payloads; neither the folder nor a key is touched before they are used. */
export function openPayloads(options: OpenPayloadsOptions): Payloads {
  const { access, keys, clock } = options;
  const folder = new PayloadFolder(options.folder, nodePayloadFiles, systemRandom);
  const payloads = new StoredPayloads({ access, folder, keys, clock });
  return {
    put: (owner, content) => payloads.put(owner, content),
    get: (hash) => payloads.get(hash),
    release: (owner) => payloads.release(owner),
    sweep: () => sweepPayloads({ ...options, folder }),
    verify: (signal) => verifyPayloads({ access, folder, keys }, signal),
  };
}
