import type { Lease } from '../../engine/kernel/leases';
import type { Dataset } from '../../engine/retention/dataset';
import { type RetentionPolicy, defaultPolicies, parseRetentionPolicy } from '../../engine/retention/policy';
import type { Batch, RecordRange, RetentionStore, Usage } from '../../engine/retention/retentionStore';
import { type RetentionRound, parseRetentionRound } from '../../engine/retention/round';
import { writeUnder } from './leaseGuard';
import { measureUsage } from './retentionUsage';
import { tableOf, within } from './retentionTables';
import { type RowParser, parseJson } from './rowParser';
import { hourMs, minuteMs } from './schema/foldInto';
import type { SqlValue, Statement } from './statement';
import type { StoreAccess, StoreUpkeep } from './storeAccess';

/** How many `seq` one query walks at most, so that others are served in between. */
const walkedAtOnce = 20_000;

/** Rows of a roll-up that go at once, about. */
const bucketsAtOnce = 2000;

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
    const found = await this.store.read('SELECT dataset, json FROM retention_policies');
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
    const { table } = tableOf(dataset);
    return this.number(`SELECT seq FROM ${table} ORDER BY seq DESC LIMIT 1 OFFSET ?`, [kept]);
  }

  async seqBound(dataset: Dataset, before: number): Promise<number> {
    const { table, at } = tableOf(dataset);
    if (dataset !== 'timelineEvents') {
      return this.number(`SELECT max(seq) FROM ${table} WHERE ${at} < ?`, [before]);
    }
    const bucket = Math.floor(before / hourMs);
    return this.number('SELECT max(last_seq) FROM history_hours WHERE bucket <= ?', [bucket]);
  }

  async next(range: RecordRange, afterSeq: number, limit: number): Promise<Batch> {
    const { table } = tableOf(range.dataset);
    const first = await this.number(`SELECT min(seq) FROM ${table} WHERE seq > ?`, [afterSeq]);
    if (first === 0 || first > range.throughSeq) return { rows: 0, throughSeq: afterSeq, isLast: true };
    const end = Math.min(first + walkedAtOnce, range.throughSeq);
    const { condition, params } = within(range, afterSeq, end);
    const [[rows, last] = []] = await this.store.read(
      `SELECT count(*), max(seq) FROM (SELECT seq FROM ${table} WHERE ${condition} ORDER BY seq LIMIT ?)`,
      [...params, limit],
    );
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
    const unreferenced =
      'FROM payloads WHERE NOT EXISTS (SELECT 1 FROM payload_references r WHERE r.hash = payloads.hash)';
    if ((await this.number(`SELECT count(*) ${unreferenced}`)) === 0) return;
    await this.removing({ sql: `DELETE ${unreferenced}`, params: [] }, lease);
  }

  async removeRollUps(
    { minutes, hours }: { readonly minutes: number; readonly hours: number },
    lease: Lease,
  ): Promise<void> {
    await this.removeBuckets('history_minutes', Math.floor(minutes / minuteMs), lease);
    // Hours lead from a time to events, so those of an event that is still there (held) stay with it.
    await this.removeBuckets(
      'history_hours',
      Math.floor(hours / hourMs),
      lease,
      `AND last_seq < ${oldestEvent}`,
    );
  }

  async lastRound(): Promise<RetentionRound | undefined> {
    const found = await this.store.read("SELECT name, json FROM retention_state WHERE name = 'round'");
    return this.rows.parse('retention_state', found, ([, json]) => parseRetentionRound(parseJson(json)))[0];
  }

  async saveRound(round: RetentionRound, lease: Lease): Promise<void> {
    const sql = "INSERT OR REPLACE INTO retention_state (name, json) VALUES ('round', ?)";
    await this.removing({ sql, params: [JSON.stringify(round)] }, lease);
  }

  private async removeBuckets(table: string, end: number, lease: Lease, condition = ''): Promise<void> {
    for (;;) {
      const old = `FROM ${table} WHERE bucket < ? ${condition}`;
      const found = await this.store.read(`SELECT bucket ${old} ORDER BY bucket LIMIT ${bucketsAtOnce}`, [
        end,
      ]);
      if (found.length === 0) return;
      const through = Number(found.at(-1)?.[0]);
      await this.removing({ sql: `DELETE ${old}`, params: [through + 1] }, lease);
    }
  }

  /** Writes for the sake of room, if need be from what is held in reserve for that. */
  private removing(statement: Statement, lease: Lease | undefined): Promise<void> {
    const frees = { frees: true };
    return lease ? writeUnder(this.store, lease, [statement], frees) : this.store.write([statement], frees);
  }

  private async number(sql: string, params: readonly SqlValue[] = []): Promise<number> {
    const [[value] = []] = await this.store.read(sql, params);
    return Number(value ?? 0);
  }
}

const oldestEvent = '(SELECT coalesce(min(seq), 1e18) FROM history_events)';
