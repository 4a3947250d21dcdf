import type { LeasePorts } from '../../engine/kernel/heldLease';
import type { Lease } from '../../engine/kernel/leases';
import { underLease } from '../../engine/kernel/underLease';
import { writeUnder } from './leaseGuard';
import { removeOrphanReferences } from './orphanReferences';
import type { PayloadFile, PayloadFolder } from './payloadFolder';
import type { StoreAccess } from './storeAccess';
import { payloadRows } from './payloadRows';
import { isUnused, payloadReads } from './reads/payloadReads';

const hourMs = 3_600_000;

/** Rows that go in one transaction. */
const batchRows = 500;

/** What a sweep did. */
export interface SweepReport {
  /** Records that were never written, whose references went. */
  readonly orphanOwners: number;
  /** Payloads that no record referred to any more. */
  readonly removedRows: number;
  /** Files that went, and their bytes; those of removed rows included. */
  readonly removedFiles: number;
  readonly freedBytes: number;
  /** Rows whose file is missing: they stay, and reading them says so. */
  readonly missingFiles: number;
}

interface Sweeping {
  readonly lease: Lease;
  readonly signal: AbortSignal;
  removedRows: number;
  removedFiles: number;
  freedBytes: number;
}

/** What a sweep works on. */
export interface SweepPorts extends LeasePorts {
  readonly access: StoreAccess;
  readonly folder: PayloadFolder;
  /** Unique to this window. */
  readonly holder: string;
}

/**
 * Removes references of records that never came, payloads that no record refers to, and what crashes left behind; undefined when another window is at it. Rows
 * go first, so that a crash leaves files without rows, for the next sweep. Files without rows and temporary files are
 * left alone for an hour, because another window may just be between file and row; a wrong clock makes that window
 * write its file again at worst.
 */
export function sweepPayloads(ports: SweepPorts): Promise<SweepReport | undefined> {
  return underLease(ports, 'payloads', ports.holder, async (lease, signal) => {
    const orphanOwners = await removeOrphanReferences({ ...ports, lease, signal });
    const sweep = { lease, signal, removedRows: 0, removedFiles: 0, freedBytes: 0 };
    await removeRows(ports, sweep);
    const missingFiles = await removeFiles(ports, sweep);
    const { removedRows, removedFiles, freedBytes } = sweep;
    if (missingFiles > 0) ports.log.error('Files of kept content are missing', { count: missingFiles });
    return { orphanOwners, removedRows, removedFiles, freedBytes, missingFiles };
  });
}

async function removeRows(ports: SweepPorts, sweep: Sweeping): Promise<void> {
  const { access } = ports;
  for (;;) {
    if (sweep.signal.aborted) return;
    const rows = await access.read(payloadReads.unused, [batchRows]);
    if (rows.length === 0) return;
    const sql = `DELETE FROM payloads WHERE hash = ? AND ${isUnused}`;
    const removals = rows.map(([hash]) => ({ sql, params: [String(hash)] }));
    await writeUnder(access, sweep.lease, removals, { frees: true });
    sweep.removedRows += rows.length;
    for (const [hash] of rows) await removeFile(ports, sweep, String(hash));
  }
}

/** Goes through all files; returns how many rows have none. */
async function removeFiles(ports: SweepPorts, sweep: Sweeping): Promise<number> {
  const { access, folder } = ports;
  const known = new Set<string>();
  for await (const [hash] of payloadRows(access)) known.add(String(hash));
  const files = await folder.list();
  for (const file of files) {
    if (sweep.signal.aborted) break;
    if (file.kind !== 'whole' || !known.has(file.hash)) await removeLeftOver(ports, sweep, file);
  }
  const there = new Set(files.filter(({ kind }) => kind === 'whole').map(({ hash }) => hash));
  let missing = 0;
  for (const hash of known) {
    // Listed and put back meanwhile, or removed with its row: only what is missing now and has a row is told.
    if (!there.has(hash) && !(await folder.facts(hash)) && (await hasRow(access, hash))) missing++;
  }
  return missing;
}

async function removeLeftOver(ports: SweepPorts, sweep: Sweeping, file: PayloadFile): Promise<void> {
  const { folder, access } = ports;
  if (file.kind === 'removed') {
    await folder.finishRemoval(file, () => hasRow(access, file.hash));
    return;
  }
  const facts = await folder.factsAt(file.path);
  if (!facts || ports.clock.now() - facts.modifiedAt < hourMs) return;
  if (file.kind === 'whole') {
    await removeFile(ports, sweep, file.hash);
    return;
  }
  await folder.discard(file.path);
  count(sweep, facts.bytes);
}

async function removeFile({ folder, access }: SweepPorts, sweep: Sweeping, hash: string): Promise<void> {
  const facts = await folder.facts(hash);
  if (await folder.remove(hash, () => hasRow(access, hash))) count(sweep, facts?.bytes ?? 0);
}

function count(sweep: Sweeping, bytes: number): void {
  sweep.removedFiles++;
  sweep.freedBytes += bytes;
}

async function hasRow(access: StoreAccess, hash: string): Promise<boolean> {
  return (await access.read(payloadReads.one, [hash])).length > 0;
}
