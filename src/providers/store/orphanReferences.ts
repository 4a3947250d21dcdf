import type { Lease } from '../../engine/kernel/leases';
import type { Clock } from '../../engine/kernel/ports';
import { writeUnder } from './leaseGuard';
import { recordTables } from './retentionTables';
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
  for (const { dataset, table } of recordTables) owners += await removeOf(search, dataset, table);
  return owners;
}

/** The age of a reference without a time, as earlier versions make them, or with one to come, counts from now on. */
async function startCounting({ access, clock, lease }: OrphanSearch): Promise<void> {
  const now = clock.now();
  const isUncounted = 'at = 0 OR at > ?';
  const rows = await access.read(`SELECT 1 FROM payload_references WHERE ${isUncounted} LIMIT 1`, [now]);
  if (rows.length === 0) return;
  const sql = `UPDATE payload_references SET at = ? WHERE ${isUncounted}`;
  await writeUnder(access, lease, [{ sql, params: [now, now] }]);
}

async function removeOf(search: OrphanSearch, dataset: string, table: string): Promise<number> {
  const { access, clock, lease, signal } = search;
  const before = clock.now() - dayMs;
  const hasRecord = `EXISTS (SELECT 1 FROM ${table} r WHERE r.id = substr(owner, ${dataset.length + 2}))`;
  const select = `SELECT owner, max(at) < ? AND NOT ${hasRecord} FROM payload_references
    WHERE owner > ? AND owner < ? GROUP BY owner ORDER BY owner LIMIT ?`;
  const remove = `DELETE FROM payload_references WHERE owner = ? AND at < ? AND NOT ${hasRecord}`;
  let owners = 0;
  for (let last = `${dataset}/`; !signal.aborted;) {
    // '0' follows '/'
    const rows = await access.read(select, [before, last, `${dataset}0`, batchOwners]);
    const orphans = rows.filter(([, isOrphan]) => isOrphan === 1).map(([owner]) => String(owner));
    const removals = orphans.map((owner) => ({ sql: remove, params: [owner, before] }));
    if (removals.length > 0) await writeUnder(access, lease, removals, { frees: true });
    owners += orphans.length;
    if (rows.length < batchOwners) break;
    last = String(rows.at(-1)?.[0]);
  }
  return owners;
}
