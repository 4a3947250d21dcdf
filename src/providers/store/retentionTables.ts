import { type Dataset, datasets } from '../../engine/retention/dataset';
import type { RecordRange } from '../../engine/retention/retentionStore';
import type { SqlValue } from './statement';

/** Where the records of a dataset are. */
export interface RetentionTable {
  readonly dataset: Dataset;
  readonly table: string;
  /** Column with the time of a record. */
  readonly at: string;
  /** Tables that are kept for the sake of this one. */
  readonly besides: readonly string[];
  /** What a record weighs, to share the bytes of its table among its records. */
  readonly weight: string;
}

const records = { at: 'at', besides: [], weight: '(64 + length(json))' };

const byDataset: Readonly<Record<Dataset, Omit<RetentionTable, 'dataset'>>> = {
  timelineEvents: {
    table: 'history_events',
    at: 'timestamp',
    besides: ['history_minutes', 'history_hours'],
    weight: '1',
  },
  observabilitySnapshots: { ...records, table: 'observability_snapshots' },
  workflowHistory: { ...records, table: 'workflow_runs' },
  incidentArtifacts: { ...records, table: 'incident_artifacts' },
  alerts: { ...records, table: 'alert_events' },
  keySnapshots: { ...records, table: 'key_snapshots' },
};

/** The table of each dataset. */
export const retentionTables: readonly RetentionTable[] = datasets.map((dataset) => ({
  dataset,
  ...byDataset[dataset],
}));

/** The tables whose rows are records with an id of their own, which content may belong to. */
export const recordTables: readonly RetentionTable[] = retentionTables.filter(
  ({ dataset }) => dataset !== 'timelineEvents',
);

/** The table of a dataset. */
export function tableOf(dataset: Dataset): RetentionTable {
  return { dataset, ...byDataset[dataset] };
}

/** A condition: a hold keeps the record in hand. It is part of every deletion, so a hold made just before counts. */
export function isHeld({ dataset, table, at }: RetentionTable): string {
  return `(EXISTS (SELECT 1 FROM holds h WHERE h.dataset = '${dataset}' AND h.seq = ${table}.seq)
    OR EXISTS (SELECT 1 FROM holds h WHERE h.dataset = '${dataset}' AND h.seq IS NULL
      AND coalesce(h.connection_id = ${table}.connection_id, h.connection_id IS NULL)
      AND (h.from_at IS NULL OR ${table}.${at} >= h.from_at) AND (h.to_at IS NULL OR ${table}.${at} <= h.to_at)))`;
}

/** A condition: a record may go, behind a `seq` and up to another, and if need be before a time: its values, in order. */
export function mayGo(retained: RetentionTable, isBefore: boolean): string {
  const old = isBefore ? `AND +${retained.table}.${retained.at} < ?` : '';
  return `seq > ? AND seq <= ? ${old} AND NOT ${isHeld(retained)}`;
}

/** The records of a range that may go. */
export function within(
  { dataset, before }: RecordRange,
  afterSeq: number,
  throughSeq: number,
): { condition: string; params: SqlValue[] } {
  return {
    condition: mayGo(tableOf(dataset), before !== undefined),
    params: [afterSeq, throughSeq, ...(before === undefined ? [] : [before])],
  };
}
