import { datasets } from '../../../engine/retention/dataset';
import type { RecordRange } from '../../../engine/retention/retentionStore';
import { type RetentionTable, isHeld, mayGo, recordTables, tableOf, within } from '../retentionTables';
import type { SqlValue } from '../statement';
import { type Read, readsOf } from './read';

/** Rows of a roll-up that go at once, about. */
const bucketsAtOnce = 2000;

/** A condition on hours: no event that is still there, as one that is held, needs them to be found. */
export const isBehindHistory = 'last_seq < (SELECT coalesce(min(seq), 1e18) FROM history_events)';

/** Place of the dataset that a reference is of, in the order in which they are worth keeping. */
const rank = `CASE substr(owner, 1, instr(owner, '/') - 1)
  ${datasets.map((dataset, index) => `WHEN '${dataset}' THEN ${index}`).join(' ')} END`;

/** References of the records that go; each dataset is given two seqs and a time, which nothing meets where none goes. */
const goingOwners = recordTables
  .map((table) => `SELECT '${table.dataset}/' || id FROM ${table.table} WHERE ${mayGo(table, true)}`)
  .join(' UNION ALL ');

/** Questions of retention that are not about one dataset. */
export const retentionReads = readsOf('retention', {
  policies: 'SELECT dataset, json FROM retention_policies',
  round: "SELECT name, json FROM retention_state WHERE name = 'round'",
  holds: 'SELECT id, dataset, holder, seq, connection_id, from_at, to_at, at FROM holds ORDER BY at, id',
  holdsOf: 'SELECT count(*) FROM holds WHERE dataset = ?',
  lastSeqOfHours: 'SELECT max(last_seq) FROM history_hours WHERE bucket <= ?',
  oldMinutes: `SELECT bucket FROM history_minutes WHERE bucket < ? ORDER BY bucket LIMIT ${bucketsAtOnce}`,
  oldHours: `SELECT bucket FROM history_hours WHERE bucket < ? AND ${isBehindHistory}
    ORDER BY bucket LIMIT ${bucketsAtOnce}`,
  payloadBytes: `SELECT place, sum(bytes) FROM
    (SELECT p.bytes AS bytes, max(${rank}) AS place FROM payload_references r JOIN payloads p ON p.hash = r.hash GROUP BY p.hash)
    GROUP BY place`,
  payloadsGoing: `WITH going (owner) AS MATERIALIZED (${goingOwners})
    SELECT max(r.owner), p.bytes, group_concat(DISTINCT substr(r.owner, 1, instr(r.owner, '/') - 1))
    FROM payload_references r JOIN payloads p ON p.hash = r.hash
    WHERE r.hash IN (SELECT hash FROM payload_references WHERE owner IN going)
    GROUP BY p.hash HAVING sum(r.owner NOT IN going) = 0`,
});

/** Questions about one dataset, whatever may go of it. */
export interface DatasetReads {
  readonly behindNewest: Read;
  readonly lastBefore: Read;
  readonly firstAfter: Read;
  readonly span: Read;
  readonly held: Read;
  readonly heldWithin: Read;
  readonly weight: Read;
  /** About a range that is bounded by seqs, and one that is bounded by a time as well. */
  readonly range: RangeReads;
  readonly rangeBefore: RangeReads;
}

/** Questions about what of a range may go. */
export type RangeReads = Readonly<Record<'batch' | 'weight' | 'firstLeft' | 'lastLeft', Read>>;

/** The questions about a dataset. */
export function datasetReads(retained: RetentionTable): DatasetReads {
  const { dataset, table, at, weight } = retained;
  const feature = `dataset/${dataset}`;
  const reads = readsOf(feature, {
    behindNewest: `SELECT seq FROM ${table} ORDER BY seq DESC LIMIT 1 OFFSET ?`,
    lastBefore: `SELECT max(seq) FROM ${table} WHERE ${at} < ?`,
    firstAfter: `SELECT min(seq) FROM ${table} WHERE seq > ?`,
    // The oldest and the newest are those that came first and last, whatever clocks said.
    span: `SELECT (SELECT count(*) FROM ${table}),
      (SELECT ${at} FROM ${table} ORDER BY seq LIMIT 1), (SELECT ${at} FROM ${table} ORDER BY seq DESC LIMIT 1)`,
    held: `SELECT count(*) FROM ${table} WHERE ${isHeld(retained)}`,
    heldWithin: `SELECT count(*) FROM ${table} WHERE ${isHeld(retained)} AND ${at} < ? AND seq <= ?`,
    weight: `SELECT count(*), coalesce(sum(${weight}), 0) FROM ${table} WHERE seq > ? AND seq <= ?`,
  });
  return {
    ...reads,
    range: readsOfRange(`${feature}/range`, retained, mayGo(retained, false)),
    rangeBefore: readsOfRange(`${feature}/rangeBefore`, retained, mayGo(retained, true)),
  };
}

/** The questions about what of a range may go behind a `seq` and up to another, and the values of its condition. */
export function going(
  range: RecordRange,
  afterSeq: number,
  throughSeq: number,
): { reads: RangeReads; params: SqlValue[] } {
  const { range: unbounded, rangeBefore } = datasetReads(tableOf(range.dataset));
  const { params } = within(range, afterSeq, throughSeq);
  return { reads: range.before === undefined ? unbounded : rangeBefore, params };
}

/** The values of `payloadsGoing`: of a dataset without range nothing is between its two seqs. */
export function payloadsGoingParams(ranges: readonly RecordRange[]): SqlValue[] {
  return recordTables.flatMap(({ dataset }) => {
    const range = ranges.find((each) => each.dataset === dataset);
    return [0, range?.throughSeq ?? 0, range?.before ?? Infinity];
  });
}

function readsOfRange(feature: string, { table, at, weight }: RetentionTable, goes: string): RangeReads {
  return readsOf(feature, {
    batch: `SELECT count(*), max(seq) FROM (SELECT seq FROM ${table} WHERE ${goes} ORDER BY seq LIMIT ?)`,
    weight: `SELECT count(*), coalesce(sum(${weight}), 0) FROM ${table} WHERE ${goes}`,
    firstLeft: `SELECT ${at} FROM ${table} WHERE seq > ? AND seq <= ? AND NOT (${goes}) ORDER BY seq LIMIT 1`,
    lastLeft: `SELECT ${at} FROM ${table} WHERE NOT (${goes}) ORDER BY seq DESC LIMIT 1`,
  });
}
