import type { Sqlite } from './sqlite';

/** Version of the schema from which runs are kept instead of single ids. */
const runsVersion = 4;

/** Numbers that follow one another; `at` is when the newest of them was made. */
interface Run {
  first: number;
  last: number;
  at: number;
}

interface Request {
  readonly client: string;
  readonly number: number;
  readonly at: number;
}

/**
 * Which requests were applied, so that one that is sent again is not applied again. A client numbers its requests, so
 * what it had applied is a run of numbers, with a gap where one was refused: those are kept, not the ids. They live
 * beside the database, since a row an id would cost as much as half of an event: journals hold the ids anyway, and
 * each snapshot the runs.
 *
 * What a commit adds is only staged until `commit` or `rollback`.
 */
export class AppliedRequests {
  private readonly runs = new Map<string, Run[]>();
  private readonly staged = new Map<string, Request>();

  /** What a database that was loaded says. */
  static in(database: Sqlite): AppliedRequests {
    const applied = new AppliedRequests();
    const { version } = database;
    if (version >= runsVersion) applied.readRuns(database);
    if (version > 0) applied.readIds(database);
    return applied;
  }

  /** Takes note that a request is about to be applied; false when it was before. */
  stage(id: string, at: number): boolean {
    if (this.staged.has(id)) return false;
    const request = parse(id, at);
    if (this.has(request)) return false;
    this.staged.set(id, request);
    return true;
  }

  /** It could not be applied. */
  unstage(id: string): void {
    this.staged.delete(id);
  }

  /** What was staged is applied for good. */
  commit(): void {
    for (const request of this.staged.values()) this.add(request);
    this.staged.clear();
  }

  /** Nothing of what was staged is. */
  rollback(): void {
    this.staged.clear();
  }

  /** Forgets runs whose newest request was made before `time`. */
  forgetBefore(time: number): void {
    for (const [client, runs] of this.runs) {
      const kept = runs.filter(({ at }) => at >= time);
      if (kept.length > 0) this.runs.set(client, kept);
      else this.runs.delete(client);
    }
  }

  /** Puts them into the database, for its snapshot. */
  save(database: Sqlite): void {
    // An owner has its schema up to date; one of an earlier schema is only made to try an upgrade.
    if (database.version < runsVersion) return;
    database.run('BEGIN');
    try {
      database.run('DELETE FROM applied_requests');
      database.run('DELETE FROM applied_runs');
      for (const [client, runs] of this.runs) {
        for (const { first, last, at } of runs) {
          database.run('INSERT INTO applied_runs VALUES (?, ?, ?, ?)', [client, first, last, at]);
        }
      }
      database.run('COMMIT');
    } catch (thrown) {
      database.run('ROLLBACK');
      throw thrown;
    }
  }

  private has({ client, number }: Request): boolean {
    const run = this.runs.get(client)?.findLast(({ first }) => first <= number);
    return run !== undefined && number <= run.last;
  }

  private add({ client, number, at }: Request): void {
    const runs = this.runs.get(client);
    if (runs) addTo(runs, number, at);
    else this.runs.set(client, [{ first: number, last: number, at }]);
  }

  private readRuns(database: Sqlite): void {
    const sql = 'SELECT client, first, last, at FROM applied_runs ORDER BY client, first';
    database.each(sql, [], ([client, first, last, at]) => {
      const run = { first: Number(first), last: Number(last), at: Number(at) };
      const known = this.runs.get(String(client));
      if (known) known.push(run);
      else this.runs.set(String(client), [run]);
    });
  }

  private readIds(database: Sqlite): void {
    database.each('SELECT id, at FROM applied_requests ORDER BY id', [], ([id, at]) =>
      this.add(parse(String(id), Number(at))),
    );
  }
}

/** Adds a number to runs in ascending order: nearly always it follows the last one. */
function addTo(runs: Run[], number: number, at: number): void {
  const next = runs.findLastIndex(({ first }) => first <= number) + 1;
  const [before, after] = [runs[next - 1], runs[next]];
  if (before && before.last + 1 >= number) {
    before.last = Math.max(before.last, number);
    before.at = Math.max(before.at, at);
    if (after?.first !== before.last + 1) return;
    runs.splice(next, 1);
    before.last = after.last;
    before.at = Math.max(before.at, after.at);
  } else {
    runs.splice(next, 0, { first: number, last: number, at });
  }
}

/** Splits `<client>/<number>`; an id of another form stands for itself, with a number that no request has. */
function parse(id: string, at: number): Request {
  const [, client, digits] = form.exec(id) ?? [];
  if (client === undefined) return { client: id, number: -1, at };
  return { client, number: Number(digits), at };
}

/** What `requestId` makes. */
const form = /^(.*)\/(\d{9}|[1-9]\d{9,14})$/s;

/** The id of a client's request; their order as texts is that of their numbers. */
export function requestId(client: string, number: number): string {
  return `${client}/${number.toString().padStart(9, '0')}`;
}
