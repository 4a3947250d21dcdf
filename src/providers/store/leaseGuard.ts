import { EngineError } from '../../engine/kernel/errors';
import type { Lease } from '../../engine/kernel/leases';
import type { Statement } from './statement';
import type { StoreAccess, WriteOptions } from './storeAccess';

/** What the guard of the schema says; SQLite's text of the refusal ends with it. */
const refusal = 'lease lost';

/** A statement that fails the transaction around it unless the lease is still held so; it has to come first. */
function guardedBy({ name, holder, epoch }: Lease): Statement {
  return {
    sql: 'INSERT INTO lease_guard (name, holder, epoch) VALUES (?, ?, ?)',
    params: [name, holder, epoch],
  };
}

/** Writes only while the lease is held: rejects with `lease-lost`, nothing applied, once another has it. */
export async function writeUnder(
  access: StoreAccess,
  lease: Lease,
  statements: readonly Statement[],
  options?: WriteOptions,
): Promise<void> {
  try {
    await access.write([guardedBy(lease), ...statements], options);
  } catch (thrown) {
    throw isRefusedByGuard(thrown) ? leaseLost(lease, thrown) : thrown;
  }
}

function isRefusedByGuard(thrown: unknown): boolean {
  return (
    thrown instanceof EngineError && thrown.reason === 'store-refused' && thrown.message.endsWith(refusal)
  );
}

function leaseLost({ name, epoch }: Lease, cause: unknown): EngineError {
  const text = `Another window does "${name}" now: nothing was saved here`;
  return new EngineError('CONFLICT', 'lease-lost', text, {
    details: { lease: name, epoch, outcome: 'not applied' },
    cause,
  });
}
