import * as v from 'valibot';
import { parseWith } from '../kernel/parse';
import type { Dataset } from './dataset';

const mebibyte = 1024 * 1024;

const retentionPolicy = v.object({
  /** Records older than this go, days. */
  retentionDays: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3650)),
  /** Bytes the dataset may take, database and payload files together. */
  budgetBytes: v.pipe(v.number(), v.integer(), v.minValue(mebibyte), v.maxValue(64 * 1024 * mebibyte)),
  /** The newest records that are kept whatever their age and size. */
  minimumKept: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000)),
  /** Whether the oldest records go by themselves when the budget is used up; else collecting stops. */
  autoPurgeOldest: v.boolean(),
});

/** How long and how much of a dataset is kept. Age and budget hold together: whichever is reached first. */
export type RetentionPolicy = v.InferOutput<typeof retentionPolicy>;

/** Share of its budget from which a dataset is warned about. */
export const warnShare = 0.9;

/** Share of its budget that a purge for its sake leaves, so that there is room to go on. */
export const roomShare = 0.95;

/** Bytes that everything together may take. */
export const totalBudgets = { databaseBytes: 256 * mebibyte, payloadBytes: 512 * mebibyte };

/** Parses a policy; throws VALIDATION_ERROR naming the field. */
export function parseRetentionPolicy(input: unknown): RetentionPolicy {
  return parseWith(retentionPolicy, input, 'Retention policy');
}

const kept = { minimumKept: 100, autoPurgeOldest: true };

/**
 * What holds until a person says otherwise: 30 days, 7 for snapshots of keys. The budgets sum up to 256 MiB of
 * database (16 of them left to connections and settings) and 512 MiB of payload files.
 */
export const defaultPolicies: Readonly<Record<Dataset, RetentionPolicy>> = {
  timelineEvents: { ...kept, retentionDays: 30, budgetBytes: 128 * mebibyte },
  observabilitySnapshots: { ...kept, retentionDays: 30, budgetBytes: 64 * mebibyte },
  workflowHistory: { ...kept, retentionDays: 30, budgetBytes: 32 * mebibyte },
  alerts: { ...kept, retentionDays: 30, budgetBytes: 16 * mebibyte },
  incidentArtifacts: { ...kept, retentionDays: 30, budgetBytes: 128 * mebibyte },
  keySnapshots: { ...kept, retentionDays: 7, budgetBytes: 384 * mebibyte },
};
