import { foldInto, hourMs, minuteMs } from './schema/foldInto';
import type { Sqlite } from './sqlite';
import type { Statement } from './statement';

/** Version of the schema from which there are roll-ups. */
export const rollUpVersion = 2;

const lastSeq = "SELECT seq FROM sqlite_sequence WHERE name = 'history_events'";
const folds = [foldInto('history_minutes', minuteMs, '?'), foldInto('history_hours', hourMs, '?')];

/**
 * Adds the history events of one database transaction to the roll-ups of history, whoever wrote them. Between
 * transactions every event is counted, so how many events a transaction has, live or at replay, makes no difference.
 */
export class RollUp {
  /** The newest event that is counted; undefined while none came since. */
  private counted: number | undefined;

  constructor(private readonly database: Sqlite) {}

  /** To be called before these statements run. What reads or takes away history must find every event counted. */
  expect(statements: readonly Statement[]): void {
    let appends = false;
    for (const { sql } of statements) {
      if (sql.startsWith('INSERT INTO history_events')) appends = true;
      else if (sql.includes('history_')) this.fold();
    }
    if (appends) this.counted ??= Number(this.database.query(lastSeq)[0]?.[0] ?? 0);
  }

  /** Counts what came. */
  fold(): void {
    if (this.counted === undefined) return;
    for (const sql of folds) this.database.run(sql, [this.counted]);
    this.counted = undefined;
  }
}
