import type { Sqlite } from './sqlite';

/** Pages given back at once: each is sought in the list of free pages, which takes up to 0.2 ms. */
const pagesAtOnce = 32;

/** How long a step goes on, milliseconds; with the pages of its last pragma it stays below 20. */
const stepMs = 10;

/** Value of `PRAGMA auto_vacuum` of a database that can give pages back. */
const incremental = 2;

/**
 * Makes a database of the first schema able to give pages back, by writing it anew once: about a second for
 * 200 MB. To be called outside a transaction.
 */
export function enableIncrementalVacuum(database: Sqlite): void {
  if (numberOf(database, 'PRAGMA auto_vacuum') === incremental) return;
  database.exec('PRAGMA auto_vacuum = INCREMENTAL');
  database.exec('VACUUM');
}

/**
 * Gives pages that no table uses back for up to 20 ms; returns how many are left. To be called outside a transaction,
 * with other work in between.
 */
export function shrinkStep(database: Sqlite, monotonic = (): number => performance.now()): number {
  const started = monotonic();
  let left: number;
  do {
    // By exec: run to its first row only, the pragma frees a single page.
    database.exec(`PRAGMA incremental_vacuum(${pagesAtOnce})`);
    left = numberOf(database, 'PRAGMA freelist_count');
  } while (left > 0 && monotonic() - started < stepMs);
  return left;
}

function numberOf(database: Sqlite, pragma: string): number {
  return Number(database.query(pragma)[0]?.[0]);
}
