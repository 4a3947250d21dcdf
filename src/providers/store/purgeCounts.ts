import { type Dataset, datasets } from '../../engine/retention/dataset';
import type { PurgeImpact } from '../../engine/retention/purge';
import type { PurgeCounts } from '../../engine/retention/purges';
import type { RecordRange } from '../../engine/retention/retentionStore';
import { countHeld } from './retentionUsage';
import { datasetReads, going, payloadsGoingParams, retentionReads } from './reads/retentionReads';
import { tableOf } from './retentionTables';
import type { StoreAccess, StoreUpkeep } from './storeAccess';

/** How many `seq` one query walks at most, so that others are served in between. */
const walkedAtOnce = 50_000;

interface Sums {
  rows: number;
  weight: number;
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
    const dataset = datasetReads(tableOf(range.dataset));
    const sums: Sums = { rows: 0, weight: 0 };
    let after = 0;
    for (;;) {
      const [[first] = []] = await this.store.read(dataset.firstAfter, [after]);
      if (typeof first !== 'number' || first > range.throughSeq) return sums;
      const end = Math.min(first + walkedAtOnce, range.throughSeq);
      const { reads, params } = all ? { reads: dataset, params: [after, end] } : going(range, after, end);
      const [[rows, weights] = []] = await this.store.read(reads.weight, params);
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
    const { firstAfter } = datasetReads(tableOf(range.dataset));
    let after = 0;
    for (;;) {
      const [[first] = []] = await this.store.read(firstAfter, [after]);
      if (typeof first !== 'number') return undefined;
      const end = first + walkedAtOnce;
      const { reads, params } = going(range, 0, range.throughSeq);
      const [[found] = []] = await this.store.read(reads.firstLeft, [after, end, ...params]);
      if (typeof found === 'number') return found;
      after = end;
    }
  }

  private async lastLeft(range: RecordRange): Promise<number | undefined> {
    const { reads, params } = going(range, 0, range.throughSeq);
    const [[found] = []] = await this.store.read(reads.lastLeft, params);
    return typeof found === 'number' ? found : undefined;
  }

  /**
   * Bytes of payload files to which only records of the ranges refer. One that two datasets refer to counts for the
   * one worth keeping longest, as in the usage.
   */
  private async payloadBytes(ranges: readonly RecordRange[]): Promise<ReadonlyMap<Dataset, number>> {
    const bytes = new Map<Dataset, number>();
    const rows = await this.store.read(retentionReads.payloadsGoing, payloadsGoingParams(ranges));
    for (const [, size, names] of rows) {
      const owning = String(names).split(',');
      const dataset = datasets.findLast((each) => owning.includes(each));
      if (dataset) bytes.set(dataset, (bytes.get(dataset) ?? 0) + Number(size));
    }
    return bytes;
  }
}
