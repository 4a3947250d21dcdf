import type { EngineError } from '../../engine/kernel/errors';
import type { AppliedRequests } from './appliedRequests';
import { encodeGroup } from './journalRecord';
import type { Journal } from './journal';
import type { Ownership } from './ownership';
import type { RollUp } from './rollUp';
import type { Sqlite } from './sqlite';
import type { Transaction } from './statement';
import { type FailedOutcome, ownedElsewhere, refusedByDatabase } from './storeErrors';

/** What transactions are applied to. */
export interface AppliedTo {
  readonly database: Sqlite;
  readonly applied: AppliedRequests;
}

/** What a commit works on. */
export interface WritableStore extends AppliedTo {
  readonly journal: Pick<Journal, 'append' | 'seal' | 'size'>;
  readonly ownership: Pick<Ownership, 'holds'>;
  /** Counts events over commits; whoever gives it has to fold it before the roll-ups are seen. */
  readonly rollUp: RollUp;
}

/** Applies a transaction within the open one; false when its id was applied before. Throws half-way when a statement fails. */
export function apply({ database, applied }: AppliedTo, { id, at, statements }: Transaction): boolean {
  if (!applied.stage(id, at)) return false;
  for (const { sql, params } of statements) database.run(sql, params);
  return true;
}

/** As `apply`, but a failing statement leaves no effect of its transaction. */
export function applyAlone(store: AppliedTo, transaction: Transaction): boolean {
  const { database, applied } = store;
  database.run('SAVEPOINT request');
  try {
    const isNew = apply(store, transaction);
    database.run('RELEASE request');
    return isNew;
  } catch (thrown) {
    database.run('ROLLBACK TO request');
    database.run('RELEASE request');
    applied.unstage(transaction.id);
    throw thrown;
  }
}

/** Transactions with the record they came in. */
export interface ReceivedGroup {
  readonly transactions: readonly Transaction[];
  readonly record: Uint8Array;
}

/**
 * Applies groups in memory, makes them durable with one append and one fsync, and only then lets them stand. Returns
 * for each transaction what refused it, or undefined. Throws when all failed together; memory is then as before. The
 * database ends the transaction later, which nothing that is durable has to wait for.
 */
export function commitGroups(
  store: WritableStore,
  groups: readonly ReceivedGroup[],
): (EngineError | undefined)[] {
  const { database, applied, rollUp } = store;
  const goBack = rollUp.mark();
  database.run('BEGIN');
  try {
    const { records, changes, refusals } = applyAll(store, groups);
    if (records.length > 0) makeDurable(store, records, changes);
    database.commitSoon();
    applied.commit();
    return refusals;
  } catch (thrown) {
    database.run('ROLLBACK');
    applied.rollback();
    goBack();
    throw thrown;
  }
}

interface Applied {
  /** What the journal has to hold. */
  readonly records: readonly Uint8Array[];
  /** Statements in them. */
  readonly changes: number;
  readonly refusals: (EngineError | undefined)[];
}

/**
 * A savepoint around each transaction costs as much as half of its inserts, since SQLite copies each page it touches;
 * so it is first tried without, and all is taken back and done with care when one of them fails.
 */
function applyAll(store: WritableStore, groups: readonly ReceivedGroup[]): Applied {
  const { database, applied, rollUp } = store;
  const goBack = rollUp.mark();
  try {
    return applyWith(apply, store, groups);
  } catch {
    database.run('ROLLBACK');
    applied.rollback();
    goBack();
    database.run('BEGIN');
    return applyWith(applyOrRefuse, store, groups);
  }
}

function applyOrRefuse(store: AppliedTo, transaction: Transaction): boolean | EngineError {
  try {
    return applyAlone(store, transaction);
  } catch (thrown) {
    return refusedByDatabase(thrown);
  }
}

function applyWith(
  applyOne: (store: AppliedTo, transaction: Transaction) => boolean | EngineError,
  store: WritableStore,
  groups: readonly ReceivedGroup[],
): Applied {
  const { rollUp } = store;
  const records: Uint8Array[] = [];
  let changes = 0;
  const refusals = groups.flatMap(({ transactions, record }) => {
    const outcomes = transactions.map((transaction) => {
      rollUp.expect(transaction.statements);
      const outcome = applyOne(store, transaction);
      if (outcome === true) rollUp.add();
      return outcome;
    });
    const accepted = transactions.filter((_, index) => outcomes[index] === true);
    // Nearly always everything is accepted, and the record goes to the journal as it came.
    if (accepted.length === transactions.length) records.push(record);
    else if (accepted.length > 0) records.push(encodeGroup(accepted));
    changes += countChanges(accepted);
    return outcomes.map((outcome) => (typeof outcome === 'boolean' ? undefined : outcome));
  });
  rollUp.foldMany();
  return { records, changes, refusals };
}

/** Statements of transactions. */
export function countChanges(transactions: readonly Transaction[]): number {
  let changes = 0;
  for (const { statements } of transactions) changes += statements.length;
  return changes;
}

/**
 * The owner's token is read before the append, so that a stalled former owner writes nothing, and again after the
 * fsync: whoever takes over reads the journals after taking the lock, so a group that was durable while the lock
 * was still ours is one the next owner has seen, and may be acknowledged.
 */
function makeDurable(
  { journal, ownership }: WritableStore,
  records: readonly Uint8Array[],
  changes: number,
): void {
  requireOwnership(ownership, 'not applied');
  journal.append(records, changes);
  requireOwnership(ownership, 'unknown');
  journal.seal();
}

/** A lock that cannot be read counts as lost. */
function requireOwnership(ownership: WritableStore['ownership'], outcome: FailedOutcome): void {
  let cause: unknown;
  try {
    if (ownership.holds()) return;
  } catch (thrown) {
    cause = thrown;
  }
  throw ownedElsewhere(outcome, cause);
}
