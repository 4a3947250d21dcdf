import { type LeasePorts, tryLease } from './heldLease';
import type { Lease } from './leases';

/** Does a piece of work while a lease is held and gives it back; undefined, without doing it, while another holds it. */
export async function underLease<T>(
  ports: LeasePorts,
  name: string,
  holder: string,
  work: (lease: Lease, signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const held = await tryLease(ports, name, holder);
  if (!held) return undefined;
  try {
    return await work(held.lease, held.signal);
  } finally {
    await held.release();
  }
}
