import type { Lease } from '../../engine/kernel/leases';
import type { Dataset } from '../../engine/retention/dataset';
import { type RetentionPolicy, defaultPolicies, parseRetentionPolicy } from '../../engine/retention/policy';
import type { Batch, RecordRange, RetentionStore, Usage } from '../../engine/retention/retentionStore';
import { type RetentionRound, parseRetentionRound } from '../../engine/retention/round';
import { writeUnder } from './leaseGuard';
import { measureUsage } from './retentionUsage';
import { isUnused, payloadReads } from './reads/payloadReads';
import type { Read } from './reads/read';
import { datasetReads, going, isBehindHistory, retentionReads } from './reads/retentionReads';
import { tableOf, within } from './retentionTables';
import { type RowParser, parseJson } from './rowParser';
import { hourMs, minuteMs } from './schema/foldInto';
import type { SqlValue, Statement } from './statement';
import type { StoreAccess, StoreUpkeep } from './storeAccess';

/** How many `seq` one query walks at most, so that others are served in between. */
const walkedAtOnce = 20_000;

/** The records of the store as retention sees them. */
export class StoredRetention implements RetentionStore {
  constructor(
    private readonly store: StoreAccess,
    private readonly upkeep: Pick<StoreUpkeep, 'tableBytes'>,
    private readonly rows: RowParser,
  ) {}

  async usage(): Promise<Usage> {
    return measureUsage(this.store, await this.upkeep.tableBytes());
  }

  async policies(): Promise<Record<Dataset, RetentionPolicy>> {
    const found = await this.store.read(retentionReads.policies);
    const stored = this.rows.parse('retention_policies', found, ([dataset, json]) => ({
      [String(dataset)]: parseRetentionPolicy(parseJson(json)),
    }));
    return Object.assign({}, defaultPolicies, ...stored) as Record<Dataset, RetentionPolicy>;
  }

  async setPolicy(dataset: Dataset, policy: RetentionPolicy): Promise<void> {
    const json = JSON.stringify(parseRetentionPolicy(policy));
    const sql = 'INSERT OR REPLACE INTO retention_policies (dataset, json) VALUES (?, ?)';
    await this.store.write([{ sql, params: [dataset, json] }]);
  }

  async lastSeq(dataset: Dataset, kept: number): Promise<number> {
    return this.number(datasetReads(tableOf(dataset)).behindNewest, [kept]);
  }

  async seqBound(dataset: Dataset, before: number): Promise<number> {
    if (dataset !== 'timelineEvents') return this.number(datasetReads(tableOf(dataset)).lastBefore, [before]);
    const bucket = Math.floor(before / hourMs);
    return this.number(retentionReads.lastSeqOfHours, [bucket]);
  }

  async next(range: RecordRange, afterSeq: number, limit: number): Promise<Batch> {
    const first = await this.number(datasetReads(tableOf(range.dataset)).firstAfter, [afterSeq]);
    if (first === 0 || first > range.throughSeq) return { rows: 0, throughSeq: afterSeq, isLast: true };
    const end = Math.min(first + walkedAtOnce, range.throughSeq);
    const { reads, params } = going(range, afterSeq, end);
    const [[rows, last] = []] = await this.store.read(reads.batch, [...params, limit]);
    const isFull = Number(rows) === limit;
    return {
      rows: Number(rows),
      throughSeq: isFull ? Number(last) : end,
      isLast: !isFull && end === range.throughSeq,
    };
  }

  async remove(range: RecordRange, afterSeq: number, batch: Batch, lease?: Lease): Promise<void> {
    const { table } = tableOf(range.dataset);
    const { condition, params } = within(range, afterSeq, batch.throughSeq);
    await this.removing({ sql: `DELETE FROM ${table} WHERE ${condition}`, params }, lease);
  }

  async removeUnreferencedPayloads(lease?: Lease): Promise<void> {
    if ((await this.number(payloadReads.unusedCount)) === 0) return;
    await this.removing({ sql: `DELETE FROM payloads WHERE ${isUnused}`, params: [] }, lease);
  }

  async removeRollUps(
    { minutes, hours }: { readonly minutes: number; readonly hours: number },
    lease: Lease,
  ): Promise<void> {
    const { oldMinutes, oldHours } = retentionReads;
    const ofMinutes = 'DELETE FROM history_minutes WHERE bucket < ?';
    await this.removeBuckets(oldMinutes, ofMinutes, Math.floor(minutes / minuteMs), lease);
    // Hours lead from a time to events, so those of an event that is still there (held) stay with it.
    const ofHours = `DELETE FROM history_hours WHERE bucket < ? AND ${isBehindHistory}`;
    await this.removeBuckets(oldHours, ofHours, Math.floor(hours / hourMs), lease);
  }

  async lastRound(): Promise<RetentionRound | undefined> {
    const found = await this.store.read(retentionReads.round);
    return this.rows.parse('retention_state', found, ([, json]) => parseRetentionRound(parseJson(json)))[0];
  }

  async saveRound(round: RetentionRound, lease: Lease): Promise<void> {
    const sql = "INSERT OR REPLACE INTO retention_state (name, json) VALUES ('round', ?)";
    await this.removing({ sql, params: [JSON.stringify(round)] }, lease);
  }

  private async removeBuckets(old: Read, sql: string, end: number, lease: Lease): Promise<void> {
    for (;;) {
      const found = await this.store.read(old, [end]);
      if (found.length === 0) return;
      const through = Number(found.at(-1)?.[0]);
      await this.removing({ sql, params: [through + 1] }, lease);
    }
  }

  /** Writes for the sake of room, if need be from what is held in reserve for that. */
  private removing(statement: Statement, lease: Lease | undefined): Promise<void> {
    const frees = { frees: true };
    return lease ? writeUnder(this.store, lease, [statement], frees) : this.store.write([statement], frees);
  }

  private async number(read: Read, params: readonly SqlValue[] = []): Promise<number> {
    const [[value] = []] = await this.store.read(read, params);
    return Number(value ?? 0);
  }
}
