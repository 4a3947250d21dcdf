import { join } from 'node:path';
import { AppliedRequests } from './appliedRequests';
import { type AppliedTo, apply, applyAlone, countChanges } from './commitGroups';
import { type JournalContents, headerBytes, readJournal, unsealed } from './journalFile';
import { latestVersion, migrate } from './migrate';
import type { Migration } from './schema/migration';
import { RollUp, rollUpVersion } from './rollUp';
import { type FoundSeal, type JournalSeal, readReached, readSeal } from './sealFile';
import { readSnapshot } from './snapshotFile';
import type { OpenDatabase, Sqlite } from './sqlite';
import type { Transaction } from './statement';
import type { StoreFiles } from './storeFiles';
import { type StoreListing, journalName, listStore, snapshotName } from './storeFolder';
import type { StoreDamage } from './storeStatus';

/** Transactions replayed between two beats. */
const appliedAtOnce = 500;

/** What loading needs to know of its surroundings. */
export interface LoadOptions {
  readonly files: StoreFiles;
  readonly folder: string;
  readonly openDatabase: OpenDatabase;
  readonly migrations: readonly Migration[];
  /** Called between the steps of what takes long, a second at most apart. */
  readonly beat?: () => void;
}

/** A journal and how far it is whole. */
export interface JournalEnd {
  readonly name: string;
  /** Bytes from the start that were replayed. */
  readonly keep: number;
}

/** The store as the files tell it, in memory. Loading changes no file. */
export interface LoadedStore {
  readonly database: Sqlite;
  /** Requests that are in it. */
  readonly applied: AppliedRequests;
  /** Generation a new journal gets, and where the one before it ends. */
  readonly nextGeneration: number;
  readonly previousLength: number;
  readonly journalBytes: number;
  /** Version of the files when it is later than this code's; what they hold beyond it was not loaded. */
  readonly newerVersion: number | undefined;
  readonly damagedSnapshots: readonly string[];
  /** All that were replayed. */
  readonly journals: readonly JournalEnd[];
  /** Those whose ends are unreadable. */
  readonly cuts: readonly JournalEnd[];
  /** Journals with transactions that failed. */
  readonly failedJournals: readonly string[];
  readonly damage: StoreDamage;
}

interface Replay {
  newerVersion: number | undefined;
  journalBytes: number;
  previousLength: number;
  missingBytes: number;
  missingChanges: number;
  cutBytes: number;
  failedTransactions: number;
  readonly journals: JournalEnd[];
  readonly cuts: JournalEnd[];
  readonly failedJournals: string[];
}

/** Loads the newest valid snapshot and replays the journals after it. */
export function loadStore(options: LoadOptions): LoadedStore {
  // Before the list: an owner may be at work, and what it begins meanwhile is not in it.
  const reached = readReached(options.files, options.folder);
  const listing = listStore(options.files, options.folder);
  const base = openNewest(options, listing.snapshots);
  const { database, damagedSnapshots } = base;
  const applied = AppliedRequests.in(database);
  options.beat?.();
  const generations = listing.journals.filter((generation) => generation >= base.generation);
  // Before the journals: an owner may be at work, and what it seals meanwhile is not in what was read.
  const seals = readSeals(options, listing, reached, base.generation);
  const replay = replayJournals(options, { database, applied }, generations, seals);
  const gone = [...seals].filter(
    ([generation, { changes }]) => changes > 0 && !generations.includes(generation),
  );
  const first = Math.max(base.generation, 1);
  const last = Math.max(generations.at(-1) ?? first - 1, ...gone.map(([generation]) => generation));
  return {
    database,
    applied,
    nextGeneration: Math.max(last + 1, listing.snapshots.at(-1) ?? 1),
    ...replay,
    // What is gone may come back from a backup: it is not said to be empty.
    previousLength: last === generations.at(-1) ? replay.previousLength : unsealed,
    damagedSnapshots,
    damage: {
      damagedSnapshots: damagedSnapshots.length,
      cutJournals: replay.cuts.length,
      cutBytes: replay.cutBytes,
      missingBytes: replay.missingBytes,
      missingJournals: last + 1 - first - generations.length,
      missingChanges: gone.reduce((sum, [, { changes }]) => sum + changes, replay.missingChanges),
      failedTransactions: replay.failedTransactions,
    },
  };
}

function readSeals(
  { files, folder }: LoadOptions,
  { seals }: StoreListing,
  reached: FoundSeal | undefined,
  from: number,
): ReadonlyMap<number, JournalSeal> {
  const wanted = seals.filter((generation) => generation >= from);
  // What was reached is known also when the newest journal is lost together with its seal.
  const found = [
    reached && reached.generation >= from ? reached : undefined,
    ...wanted.map((generation) => readSeal(files, folder, generation)),
  ];
  return new Map(found.flatMap((seal) => (seal ? [[seal.generation, seal] as const] : [])));
}

function openNewest(
  { files, folder, openDatabase }: LoadOptions,
  snapshots: readonly number[],
): { database: Sqlite; generation: number; damagedSnapshots: string[] } {
  const damagedSnapshots: string[] = [];
  for (const generation of snapshots.toReversed()) {
    const name = snapshotName(generation);
    const bytes = readSnapshot(files, folder, name, generation);
    if (bytes) return { database: openDatabase(bytes), generation, damagedSnapshots };
    damagedSnapshots.push(name);
  }
  return { database: openDatabase(), generation: 0, damagedSnapshots };
}

function replayJournals(
  options: LoadOptions,
  store: AppliedTo,
  generations: readonly number[],
  seals: ReadonlyMap<number, JournalSeal>,
): Replay {
  const replay: Replay = {
    newerVersion: undefined,
    journalBytes: 0,
    previousLength: unsealed,
    missingBytes: 0,
    missingChanges: 0,
    cutBytes: 0,
    failedTransactions: 0,
    journals: [],
    cuts: [],
    failedJournals: [],
  };
  const { database } = store;
  const latest = latestVersion(options.migrations);
  if (database.version > latest) return { ...replay, newerVersion: database.version };
  const contents = new Map(
    generations.map((generation) => [generation, readGeneration(options, generation)]),
  );
  for (const [generation, journal] of contents) {
    const version = journal.header?.schemaVersion ?? 0;
    if (version > latest) return { ...replay, newerVersion: version };
    if (version > database.version) migrate(database, options.migrations, version, options.beat);
    const seal = contents.get(generation + 1)?.header?.previousLength ?? unsealed;
    const found = replayJournal(
      options,
      store,
      generation,
      journal,
      seal === unsealed ? undefined : seal,
      replay,
    );
    replay.missingChanges += Math.max(0, (seals.get(generation)?.changes ?? 0) - found);
  }
  return replay;
}

function readGeneration({ files, folder }: LoadOptions, generation: number): JournalContents {
  const contents = readJournal(files.read(join(folder, journalName(generation))));
  const isOwn = contents.header?.generation === generation;
  return isOwn ? contents : { header: undefined, groups: [], size: contents.size };
}

/**
 * Replays one journal up to `seal`, the end that the next journal vouches for, and adds what it found to `replay`.
 * Returns how many changes it held.
 */
function replayJournal(
  { beat }: Pick<LoadOptions, 'beat'>,
  store: AppliedTo,
  generation: number,
  { header, groups, size }: JournalContents,
  seal: number | undefined,
  replay: Replay,
): number {
  const name = journalName(generation);
  const whole = groups.filter(({ end }) => end <= (seal ?? Infinity));
  // A journal sealed at nothing was given up while it was begun.
  const keep = seal === 0 || !header ? 0 : (whole.at(-1)?.end ?? headerBytes);
  const transactions = whole.flatMap((group) => group.transactions);
  const failed = applyAgain(store, transactions, beat);
  if (failed > 0) replay.failedJournals.push(name);
  replay.failedTransactions += failed;
  replay.journals.push({ name, keep });
  if (size > keep) {
    replay.cuts.push({ name, keep });
    replay.cutBytes += size - keep;
  }
  replay.missingBytes += Math.max(0, (seal ?? keep) - keep);
  replay.previousLength = keep;
  replay.journalBytes += keep;
  return countChanges(transactions);
}

/**
 * Applies transactions with what a commit adds to them; returns how many failed. They nearly never do, and a savepoint
 * around each takes as long as its statements, so it is first tried without.
 */
function applyAgain(store: AppliedTo, transactions: readonly Transaction[], beat?: () => void): number {
  try {
    return applyWith(apply, store, transactions, beat);
  } catch {
    store.database.run('ROLLBACK');
    store.applied.rollback();
    return applyWith(applyOrFail, store, transactions, beat);
  }
}

function applyWith(
  applyOne: (store: AppliedTo, transaction: Transaction) => boolean | 'failed',
  store: AppliedTo,
  transactions: readonly Transaction[],
  beat?: () => void,
): number {
  const { database, applied } = store;
  const rollUp = database.version < rollUpVersion ? undefined : new RollUp(database);
  let failed = 0;
  database.run('BEGIN');
  for (const [index, transaction] of transactions.entries()) {
    if (index % appliedAtOnce === 0) beat?.();
    rollUp?.expect(transaction.statements);
    const outcome = applyOne(store, transaction);
    if (outcome === true) rollUp?.add();
    if (outcome === 'failed') failed++;
  }
  rollUp?.fold();
  database.run('COMMIT');
  applied.commit();
  return failed;
}

function applyOrFail(store: AppliedTo, transaction: Transaction): boolean | 'failed' {
  try {
    return applyAlone(store, transaction);
  } catch {
    // Counted by the caller, which reports it and keeps the whole journal.
    return 'failed';
  }
}
