import { type CountedEvent, countedEvent, isAppend } from './countedEvent';
import { addInto, foldInto, hourMs, minuteMs } from './schema/foldInto';
import type { Sqlite } from './sqlite';
import type { Statement } from './statement';

/** Version of the schema from which there are roll-ups. */
export const rollUpVersion = 2;

/** Events counted at once; bounds what a reader of the roll-ups waits for, about 10 ms. */
const foldAt = 4096;

const lastSeq = "SELECT seq FROM sqlite_sequence WHERE name = 'history_events'";
const rollUps = [
  { table: 'history_minutes', bucketMs: minuteMs },
  { table: 'history_hours', bucketMs: hourMs },
] as const;

/** Events that came behind a seq, in their order. */
interface Counting {
  readonly afterSeq: number;
  /** What they add; undefined when only the database can tell. */
  readonly events: CountedEvent[] | undefined;
  /** How many came at most. */
  waiting: number;
}

/**
 * Adds history events to the roll-ups of history, whoever wrote them. An event is counted before anybody can see the
 * roll-ups without it: before they are read, before history goes, before the database is saved. So the events of many
 * commits are counted at once, and a replay, which counts them in other portions, arrives at the same rows.
 *
 * What the statements say is counted without asking the database, which takes a tenth of the time.
 */
export class RollUp {
  /** Undefined while no event came that is not counted. */
  private counting: Counting | undefined;
  /** What the statements that are about to run add. */
  private expected: readonly CountedEvent[] = [];

  constructor(private readonly database: Sqlite) {}

  /** Takes note of statements that are about to run. What reads or takes away history must find every event counted. */
  expect(statements: readonly Statement[]): void {
    const events: CountedEvent[] = [];
    let appends = 0;
    let isSaid = true;
    for (const statement of statements) {
      if (isAppend(statement)) {
        appends++;
        const event = countedEvent(statement);
        if (event) events.push(event);
      } else if (isAboutHistory(statement.sql)) {
        this.fold();
        isSaid = false;
      }
    }
    this.expected = events;
    if (appends > 0) this.begin(appends, isSaid && events.length === appends);
  }

  /** The expected statements ran. */
  add(): void {
    for (const event of this.expected) this.counting?.events?.push(event);
  }

  /** Counts what came, if this SQL could tell the difference. */
  foldFor(sql: string): void {
    if (isAboutHistory(sql)) this.fold();
  }

  /** Counts what came, if it is much. */
  foldMany(): void {
    if (this.counting && this.counting.waiting >= foldAt) this.fold();
  }

  /** Counts what came. */
  fold(): void {
    const { counting } = this;
    if (!counting) return;
    for (const { table, bucketMs } of rollUps) {
      if (counting.events) this.addTo(table, bucketMs, counting.afterSeq, counting.events);
      else this.database.run(foldInto(table, bucketMs, '?'), [counting.afterSeq]);
    }
    this.counting = undefined;
  }

  /** Returns what takes it back to where it stands now; to be called when what was done since is rolled back. */
  mark(): () => void {
    const { counting } = this;
    const [waiting, events] = [counting?.waiting ?? 0, counting?.events?.length ?? 0];
    return () => {
      this.counting = counting;
      if (!counting) return;
      counting.waiting = waiting;
      counting.events?.splice(events);
    };
  }

  private begin(appends: number, isSaid: boolean): void {
    if (this.counting?.events && !isSaid) this.fold();
    this.counting ??= { afterSeq: this.lastSeq(), events: isSaid ? [] : undefined, waiting: 0 };
    this.counting.waiting += appends;
  }

  private lastSeq(): number {
    return Number(this.database.query(lastSeq)[0]?.[0] ?? 0);
  }

  private addTo(table: string, bucketMs: number, afterSeq: number, events: readonly CountedEvent[]): void {
    for (const { bucket, connection, status, ...sums } of sumsOf(bucketMs, afterSeq, events)) {
      const { count, sumUs, maxUs, firstSeq, lastSeq: newest } = sums;
      const row = [bucket, connection, status, count, sumUs, maxUs, firstSeq, newest];
      this.database.run(addInto(table), row);
    }
  }
}

interface Sums {
  readonly bucket: number;
  readonly connection: string;
  readonly status: string;
  count: number;
  sumUs: number;
  maxUs: number;
  readonly firstSeq: number;
  lastSeq: number;
}

function sumsOf(bucketMs: number, afterSeq: number, events: readonly CountedEvent[]): Iterable<Sums> {
  const found = new Map<string, Sums>();
  for (const [index, { at, connection, status, us }] of events.entries()) {
    const bucket = (at - (at % bucketMs)) / bucketMs;
    const seq = afterSeq + index + 1;
    const name = `${bucket}/${status}/${connection}`;
    const sums = found.get(name);
    if (sums) {
      sums.count++;
      sums.sumUs += us;
      sums.maxUs = Math.max(sums.maxUs, us);
      sums.lastSeq = seq;
    } else {
      found.set(name, {
        bucket,
        connection,
        status,
        count: 1,
        sumUs: us,
        maxUs: us,
        firstSeq: seq,
        lastSeq: seq,
      });
    }
  }
  return found.values();
}

function isAboutHistory(sql: string): boolean {
  return sql.includes('history_');
}
