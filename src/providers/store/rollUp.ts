import { foldInto, hourMs, minuteMs } from './schema/foldInto';
import type { Sqlite } from './sqlite';
import type { Statement } from './statement';

/** Version of the schema from which there are roll-ups. */
export const rollUpVersion = 2;

/** Events counted at once; bounds what a reader of the roll-ups waits for, about 10 ms. */
const foldAt = 4096;

const lastSeq = "SELECT seq FROM sqlite_sequence WHERE name = 'history_events'";
const folds = [foldInto('history_minutes', minuteMs, '?'), foldInto('history_hours', hourMs, '?')];

/**
 * Adds history events to the roll-ups of history, whoever wrote them. An event is counted before anybody can see the
 * roll-ups without it: before they are read, before history goes, before the database is saved. So the events of many
 * commits are counted at once, and a replay, which counts them in other portions, arrives at the same rows.
 */
export class RollUp {
  /** The newest event that is counted; undefined while none came since. */
  private counted: number | undefined;
  private waiting = 0;

  constructor(private readonly database: Sqlite) {}

  /** Takes note of statements that are about to run. What reads or takes away history must find every event counted. */
  expect(statements: readonly Statement[]): void {
    let appends = 0;
    for (const { sql } of statements) {
      if (sql.startsWith('INSERT INTO history_events')) appends++;
      else this.foldFor(sql);
    }
    if (appends === 0) return;
    this.counted ??= Number(this.database.query(lastSeq)[0]?.[0] ?? 0);
    this.waiting += appends;
  }

  /** Counts what came, if this SQL could tell the difference. */
  foldFor(sql: string): void {
    if (sql.includes('history_')) this.fold();
  }

  /** Counts what came, if it is much. */
  foldMany(): void {
    if (this.waiting >= foldAt) this.fold();
  }

  /** Counts what came. */
  fold(): void {
    if (this.counted === undefined) return;
    for (const sql of folds) this.database.run(sql, [this.counted]);
    this.counted = undefined;
    this.waiting = 0;
  }

  /** Where it stands; to be handed to `goBack` when what was done since is rolled back. */
  get position(): { readonly counted: number | undefined; readonly waiting: number } {
    return { counted: this.counted, waiting: this.waiting };
  }

  goBack({ counted, waiting }: RollUp['position']): void {
    this.counted = counted;
    this.waiting = waiting;
  }
}
