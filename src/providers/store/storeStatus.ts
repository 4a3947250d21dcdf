import type { ErrorReason } from '../../engine/kernel/errors';
import type { StorageDamage } from '../../engine/retention/storage';

/** What could not be read when the store was opened, in numbers. All zero is the normal case. */
export interface StoreDamage {
  readonly damagedSnapshots: number;
  /** Journals that end in torn or damaged records. */
  readonly cutJournals: number;
  /** Bytes behind the last whole record of those journals; the owner keeps them in `.damaged-…` files. */
  readonly cutBytes: number;
  /** Bytes a later journal says were there and are not readable. */
  readonly missingBytes: number;
  readonly missingJournals: number;
  /** Statements that the seals of journals vouch for and that are not in them: at least so many changes are lost. */
  readonly missingChanges: number;
  /** Transactions in whole records that the recovered database did not accept. */
  readonly failedTransactions: number;
}

/** Where the open store stands. */
export interface CoreStatus {
  readonly state: 'closed' | 'owner' | 'frozen' | 'lost';
  readonly schemaVersion: number;
  /** Generation of the journal that is written now, or would be. */
  readonly generation: number;
  /** Bytes in journals since the last checkpoint. */
  readonly journalBytes: number;
  readonly damage: StoreDamage;
  /** Names of the files in which this opening kept what it could not read. */
  readonly setAside: readonly string[];
  /** Copy made before the schema was upgraded, when this opening upgraded it. */
  readonly backup?: string;
  /** Why the last checkpoint failed; the journal holds everything meanwhile. */
  readonly checkpointFailure?: string;
  /** Why the last write was not saved, if it was not; the next one is tried all the same. */
  readonly saveFailure?: string;
  /** Why writes are refused in state `frozen`. */
  readonly frozenBecause?: string;
  readonly frozenReason?: ErrorReason;
}

/** Where the store stands, for people and tests. */
export interface StoreStatus extends CoreStatus {
  readonly epoch: number;
  readonly owner: {
    readonly pid: number;
    readonly host: string;
    /** When it became the owner, milliseconds since the epoch. */
    readonly since: number;
    /** Windows that are its clients now. */
    readonly clients: number;
  };
}

/** What was found unreadable, as it is told to people. */
export function damageFound(damage: StoreDamage): StorageDamage[] {
  const kinds: readonly StorageDamage['kind'][] = [
    'damagedSnapshots',
    'cutJournals',
    'cutBytes',
    'missingBytes',
    'missingJournals',
    'missingChanges',
    'failedTransactions',
  ];
  return kinds.map((kind) => ({ kind, count: damage[kind] })).filter(({ count }) => count > 0);
}

/** Whether anything was found unreadable. */
export function isDamaged(damage: StoreDamage): boolean {
  return Object.values(damage).some((count) => count > 0);
}
