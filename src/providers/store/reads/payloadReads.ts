import type { RetentionTable } from '../retentionTables';
import { type Read, readsOf } from './read';

/** A condition on content: nobody refers to it. */
export const isUnused = 'NOT EXISTS (SELECT 1 FROM payload_references r WHERE r.hash = payloads.hash)';

/** Questions about kept content. */
export const payloadReads = readsOf('payloads', {
  key: 'SELECT key_id FROM payloads WHERE hash = ?',
  one: 'SELECT 1 FROM payloads WHERE hash = ?',
  after: 'SELECT hash, key_id, bytes FROM payloads WHERE hash > ? ORDER BY hash LIMIT ?',
  unused: `SELECT hash FROM payloads WHERE ${isUnused} LIMIT ?`,
  unusedCount: `SELECT count(*) FROM payloads WHERE ${isUnused}`,
  uncountedReference: 'SELECT 1 FROM payload_references WHERE at = 0 OR at > ? LIMIT 1',
});

/** A condition on a reference: its record is there. */
export function hasRecord({ dataset, table }: RetentionTable): string {
  return `EXISTS (SELECT 1 FROM ${table} r WHERE r.id = substr(owner, ${dataset.length + 2}))`;
}

/** Who of a dataset is said to have content, and whether there is no such record long after. */
export function orphanRead(retained: RetentionTable): Read {
  const owners = `SELECT owner, max(at) < ? AND NOT ${hasRecord(retained)} FROM payload_references
    WHERE owner > ? AND owner < ? GROUP BY owner ORDER BY owner LIMIT ?`;
  return readsOf(`orphans/${retained.dataset}`, { owners }).owners;
}
