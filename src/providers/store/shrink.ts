import type { Sqlite } from './sqlite';

/** Pages given back in one step; 1,000 take 3 to 10 ms. */
const pagesAStep = 1000;

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

/** Gives some pages that no table uses back; returns how many are left. To be called outside a transaction. */
export function shrinkStep(database: Sqlite): number {
  // By exec: run to its first row only, the pragma frees a single page.
  database.exec(`PRAGMA incremental_vacuum(${pagesAStep})`);
  return numberOf(database, 'PRAGMA freelist_count');
}

function numberOf(database: Sqlite, pragma: string): number {
  return Number(database.query(pragma)[0]?.[0]);
}
