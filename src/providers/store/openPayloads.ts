import { systemRandom } from '../../engine/kernel/clock';
import type { PayloadKeys } from '../../engine/kernel/payloadKeys';
import type { PayloadStore } from '../../engine/kernel/payloads';
import type { Clock, Log } from '../../engine/kernel/ports';
import type { VerifyReport } from '../../engine/retention/storage';
import { StoredLeases } from './leaseStore';
import { nodePayloadFiles } from './payloadFiles';
import { PayloadFolder } from './payloadFolder';
import { StoredPayloads } from './payloadStore';
import { type SweepReport, sweepPayloads } from './payloadSweep';
import type { StoreAccess } from './storeAccess';
import { nodeTimers } from './timers';
import { verifyPayloads } from './verifyPayloads';

/** What payloads need of their host. */
export interface OpenPayloadsOptions {
  readonly access: StoreAccess;
  /** Folder of the store's files. */
  readonly folder: string;
  readonly keys: PayloadKeys;
  /** Unique to this window. */
  readonly holder: string;
  readonly clock: Clock;
  readonly log: Log;
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
  const { access, keys, holder, clock, log } = options;
  const folder = new PayloadFolder(options.folder, nodePayloadFiles, systemRandom);
  const payloads = new StoredPayloads({ access, folder, keys, clock });
  const leases = new StoredLeases(access, clock);
  return {
    put: (owner, content) => payloads.put(owner, content),
    get: (hash) => payloads.get(hash),
    release: (owner) => payloads.release(owner),
    sweep: () => sweepPayloads({ access, folder, leases, clock, timers: nodeTimers, log, holder }),
    verify: (signal) => verifyPayloads({ access, folder, keys }, signal),
  };
}
