import { type Dataset, datasets } from '../../engine/retention/dataset';
import type { PurgeImpact } from '../../engine/retention/purge';
import type { PurgeCounts } from '../../engine/retention/purges';
import type { RecordRange } from '../../engine/retention/retentionStore';
import { countHeld } from './retentionUsage';
import { type RetentionTable, tableOf, within } from './retentionTables';
import type { SqlValue } from './statement';
import type { StoreAccess, StoreUpkeep } from './storeAccess';

/** How many `seq` one query walks at most, so that others are served in between. */
const walkedAtOnce = 50_000;

interface Sums {
  rows: number;
  weight: number;
}

/** A condition on references with its values. */
interface Condition {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

/** Counts what a purge of the store would take. */
export class StoredPurgeCounts implements PurgeCounts {
  constructor(
    private readonly store: StoreAccess,
    private readonly upkeep: Pick<StoreUpkeep, 'tableBytes'>,
  ) {}

  async impacts(ranges: readonly RecordRange[]): Promise<PurgeImpact[]> {
    const bytes = await this.upkeep.tableBytes();
    const payloads = await this.payloadBytes(ranges);
    const impacts: PurgeImpact[] = [];
    for (const range of ranges) {
      const table = tableOf(range.dataset);
      const { rows, weight } = await this.sums(range);
      const whole = await this.sums({ dataset: range.dataset, throughSeq: Number.MAX_SAFE_INTEGER }, true);
      const share = whole.weight === 0 ? 0 : weight / whole.weight;
      impacts.push({
        dataset: range.dataset,
        rows,
        databaseBytes: Math.round((bytes.get(table.table) ?? 0) * share),
        payloadBytes: payloads.get(range.dataset) ?? 0,
        heldRows: await countHeld(this.store, table, {
          throughSeq: range.throughSeq,
          before: range.before ?? Infinity,
        }),
        ...(await this.left(range)),
      });
    }
    return impacts;
  }

  async count(range: RecordRange): Promise<number> {
    return (await this.sums(range)).rows;
  }

  /** Rows and weights of a range, or of all records of its dataset. */
  private async sums(range: RecordRange, all = false): Promise<Sums> {
    const { table, weight } = tableOf(range.dataset);
    const sums: Sums = { rows: 0, weight: 0 };
    let after = 0;
    for (;;) {
      const [[first] = []] = await this.store.read(`SELECT min(seq) FROM ${table} WHERE seq > ?`, [after]);
      if (typeof first !== 'number' || first > range.throughSeq) return sums;
      const end = Math.min(first + walkedAtOnce, range.throughSeq);
      const { condition, params } = all
        ? { condition: 'seq > ? AND seq <= ?', params: [after, end] }
        : within(range, after, end);
      const sql = `SELECT count(*), coalesce(sum(${weight}), 0) FROM ${table} WHERE ${condition}`;
      const [[rows, weights] = []] = await this.store.read(sql, params);
      sums.rows += Number(rows);
      sums.weight += Number(weights);
      after = end;
    }
  }

  /** Times of the first and the last record that stay. */
  private async left(range: RecordRange): Promise<Pick<PurgeImpact, 'oldestLeftAt' | 'newestLeftAt'>> {
    const oldest = await this.firstLeft(range);
    const newest = await this.lastLeft(range);
    return {
      ...(oldest !== undefined && { oldestLeftAt: oldest }),
      ...(newest !== undefined && { newestLeftAt: newest }),
    };
  }

  private async firstLeft(range: RecordRange): Promise<number | undefined> {
    const { table, at } = tableOf(range.dataset);
    let after = 0;
    for (;;) {
      const [[first] = []] = await this.store.read(`SELECT min(seq) FROM ${table} WHERE seq > ?`, [after]);
      if (typeof first !== 'number') return undefined;
      const end = first + walkedAtOnce;
      const goes = within(range, 0, range.throughSeq);
      const sql = `SELECT ${at} FROM ${table} WHERE seq > ? AND seq <= ? AND NOT (${goes.condition}) ORDER BY seq LIMIT 1`;
      const [[found] = []] = await this.store.read(sql, [after, end, ...goes.params]);
      if (typeof found === 'number') return found;
      after = end;
    }
  }

  private async lastLeft(range: RecordRange): Promise<number | undefined> {
    const { table, at } = tableOf(range.dataset);
    const goes = within(range, 0, range.throughSeq);
    const sql = `SELECT ${at} FROM ${table} WHERE NOT (${goes.condition}) ORDER BY seq DESC LIMIT 1`;
    const [[found] = []] = await this.store.read(sql, goes.params);
    return typeof found === 'number' ? found : undefined;
  }

  /**
   * Bytes of payload files to which only records of the ranges refer. One that two datasets refer to counts for the
   * one worth keeping longest, as in the usage.
   */
  private async payloadBytes(ranges: readonly RecordRange[]): Promise<ReadonlyMap<Dataset, number>> {
    const bytes = new Map<Dataset, number>();
    const going = ranges.map((range) => ownersOf(tableOf(range.dataset), range));
    if (going.length === 0) return bytes;
    const owners = going.map(({ sql }) => sql).join(' UNION ALL ');
    const rows = await this.store.read(
      `WITH going (owner) AS MATERIALIZED (${owners})
        SELECT max(r.owner), p.bytes, group_concat(DISTINCT substr(r.owner, 1, instr(r.owner, '/') - 1))
        FROM payload_references r JOIN payloads p ON p.hash = r.hash
        WHERE r.hash IN (SELECT hash FROM payload_references WHERE owner IN going)
        GROUP BY p.hash HAVING sum(r.owner NOT IN going) = 0`,
      going.flatMap(({ params }) => params),
    );
    for (const [, size, names] of rows) {
      const owning = String(names).split(',');
      const dataset = datasets.findLast((each) => owning.includes(each));
      if (dataset) bytes.set(dataset, (bytes.get(dataset) ?? 0) + Number(size));
    }
    return bytes;
  }
}

/** References of the records of a range that go; history events have none. */
function ownersOf({ dataset, table }: RetentionTable, range: RecordRange): Condition {
  if (dataset === 'timelineEvents') return { sql: 'SELECT NULL WHERE 0', params: [] };
  const { condition, params } = within(range, 0, range.throughSeq);
  return { sql: `SELECT '${dataset}/' || id FROM ${table} WHERE ${condition}`, params };
}
