import type { Lease } from '../../engine/kernel/leases';
import type { Clock } from '../../engine/kernel/ports';
import { writeUnder } from './leaseGuard';
import { hasRecord, orphanRead, payloadReads } from './reads/payloadReads';
import { type RetentionTable, recordTables } from './retentionTables';
import type { StoreAccess } from './storeAccess';

/** From what age on a reference without record is of a window that ended between the two. */
const dayMs = 24 * 3_600_000;

/** Owners that are looked at in one statement, and of which the references go in one transaction. */
const batchOwners = 500;

/** What a search for such references works with. */
export interface OrphanSearch {
  readonly access: StoreAccess;
  readonly clock: Clock;
  readonly lease: Lease;
  readonly signal: AbortSignal;
}

/**
 * Removes references of records that were never written: content is put before its record. One counts as such a day
 * after it was made, so that no window is still between the two; of a dataset that is not known here, none does.
 * Resolves with how many owners lost theirs.
 */
export async function removeOrphanReferences(search: OrphanSearch): Promise<number> {
  await startCounting(search);
  let owners = 0;
  for (const table of recordTables) owners += await removeOf(search, table);
  return owners;
}

/** The age of a reference without a time, as earlier versions make them, or with one to come, counts from now on. */
async function startCounting({ access, clock, lease }: OrphanSearch): Promise<void> {
  const now = clock.now();
  const rows = await access.read(payloadReads.uncountedReference, [now]);
  if (rows.length === 0) return;
  const sql = `UPDATE payload_references SET at = ? WHERE at = 0 OR at > ?`;
  await writeUnder(access, lease, [{ sql, params: [now, now] }]);
}

async function removeOf(search: OrphanSearch, table: RetentionTable): Promise<number> {
  const { access, clock, lease, signal } = search;
  const before = clock.now() - dayMs;
  const { dataset } = table;
  const remove = `DELETE FROM payload_references WHERE owner = ? AND at < ? AND NOT ${hasRecord(table)}`;
  let owners = 0;
  for (let last = `${dataset}/`; !signal.aborted;) {
    // '0' follows '/'
    const rows = await access.read(orphanRead(table), [before, last, `${dataset}0`, batchOwners]);
    const orphans = rows.filter(([, isOrphan]) => isOrphan === 1).map(([owner]) => String(owner));
    const removals = orphans.map((owner) => ({ sql: remove, params: [owner, before] }));
    if (removals.length > 0) await writeUnder(access, lease, removals, { frees: true });
    owners += orphans.length;
    if (rows.length < batchOwners) break;
    last = String(rows.at(-1)?.[0]);
  }
  return owners;
}
