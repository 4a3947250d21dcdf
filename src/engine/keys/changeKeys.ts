import type { BulkOutcome, KeyOutcome } from '../connections/cacheProvider';
import type { TtlChange } from '../connections/ttlChange';
import { toEngineError, type EngineError } from '../kernel/errors';
import type { Ending } from '../kernel/recorder';
import { batchCall } from './changeKey';
import type { WriteGate, WriteRequest, WriteSession } from './guard';
import { keyBytes, type KeyName } from '../kernel/keyName';

/** Keys a batch: large enough to fill a pipeline, small enough that cancel feels immediate. */
const batchSize = 500;

/** What became of many keys. The counts add up to `total` unless `cancelled`. */
export interface BulkReport {
  readonly total: number;
  readonly affected: number;
  /** Already gone when their turn came. */
  readonly absent: number;
  readonly failed: number;
  /** The reply was lost: they may or may not have been changed. */
  readonly unknown: number;
  readonly cancelled: boolean;
  readonly error?: EngineError;
}

export interface BulkOptions {
  readonly signal?: AbortSignal;
  /** Called after each batch with the report so far. */
  readonly onProgress?: (report: BulkReport) => void;
  /** Called with each key that is surely gone or changed. */
  readonly onKey?: (key: KeyName, outcome: KeyOutcome) => void;
}

/** Deletes keys in pipelined batches through the gate. */
export function removeKeys(
  gate: WriteGate,
  request: WriteRequest,
  keys: readonly KeyName[],
  options: BulkOptions,
): Promise<BulkReport> {
  return bulk(gate, request, keys, options, ({ provider, permit, connection }, batch) =>
    provider.remove(batch, permit, batchCall(connection.call())),
  );
}

/** Sets or removes the TTL of keys in pipelined batches through the gate. */
export function setTtlOfKeys(
  gate: WriteGate,
  request: WriteRequest,
  keys: readonly KeyName[],
  ttl: TtlChange,
  options: BulkOptions,
): Promise<BulkReport> {
  return bulk(gate, request, keys, options, ({ provider, permit, connection }, batch) =>
    provider.setTtl(batch, ttl, permit, batchCall(connection.call())),
  );
}

type Batch = (session: WriteSession, keys: readonly Buffer[]) => Promise<BulkOutcome>;

function bulk(
  gate: WriteGate,
  request: WriteRequest,
  keys: readonly KeyName[],
  options: BulkOptions,
  apply: Batch,
): Promise<BulkReport> {
  return gate.run(request, (session) => runBatches(session, keys, options, apply), endingOf);
}

async function runBatches(
  session: WriteSession,
  keys: readonly KeyName[],
  options: BulkOptions,
  apply: Batch,
): Promise<BulkReport> {
  let report: BulkReport = {
    total: keys.length,
    affected: 0,
    absent: 0,
    failed: 0,
    unknown: 0,
    cancelled: false,
  };
  for (let start = 0; start < keys.length; start += batchSize) {
    if (options.signal?.aborted) return { ...report, cancelled: true };
    const names = keys.slice(start, start + batchSize);
    const outcome = await applied(names, report, () => apply(session, names.map(keyBytes)));
    report = add(report, outcome);
    outcome.outcomes.forEach((result, i) => options.onKey?.(names[i] as KeyName, result));
    options.onProgress?.(report);
    // a lost link fails every further batch the same way: stop and say how far it came
    if (outcome.outcomes.every((result) => result === 'unknown' || result === 'failed')) {
      return { ...report, failed: report.failed + Math.max(0, keys.length - start - names.length) };
    }
  }
  return report;
}

/** A batch that was refused whole: alone it is the end of the act, after others it is part of their report. */
async function applied(
  names: readonly KeyName[],
  { affected, unknown }: BulkReport,
  apply: () => Promise<BulkOutcome>,
): Promise<BulkOutcome> {
  try {
    return await apply();
  } catch (thrown) {
    if (affected + unknown === 0) throw thrown;
    return { outcomes: names.map(() => 'failed' as const), error: toEngineError(thrown) };
  }
}

function add(report: BulkReport, { outcomes, error }: BulkOutcome): BulkReport {
  const count = (kind: KeyOutcome): number => outcomes.filter((outcome) => outcome === kind).length;
  const first = report.error ?? error;
  return {
    ...report,
    affected: report.affected + count('affected'),
    absent: report.absent + count('absent'),
    failed: report.failed + count('failed'),
    unknown: report.unknown + count('unknown'),
    ...(first && { error: first }),
  };
}

function endingOf(report: BulkReport): Ending {
  const { total, affected, absent, failed, unknown, cancelled } = report;
  const status = unknown > 0 ? 'unknown' : failed > 0 ? 'error' : 'success';
  return {
    status,
    ...(report.error && { error: report.error }),
    details: { total, affected, absent, failed, unknown, cancelled },
  };
}
