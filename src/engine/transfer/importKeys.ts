import type { ApplyOutcome, TtlChange } from '../connections/change';
import type { Connection } from '../connections/connection';
import { toEngineError, type EngineError } from '../kernel/errors';
import { pause } from '../kernel/deadline';
import { keyName, type KeyName } from '../kernel/keyName';
import type { Clock } from '../kernel/ports';
import { batchCall } from '../keys/changeKey';
import type { WriteGate, WriteRequest, WriteSession } from '../keys/guard';
import { requireEngine } from './importPlan';
import { ImportCounts, type ImportReport, type KeyFate } from './importReport';
import type { OpenFile } from './openFile';
import type { FileRecord, KeyRecord } from './readRecords';

/** What is done with a key that exists. */
export type ConflictPolicy = 'skip' | 'replace' | 'stop' | 'ask';

/** What a person decides for one key, or for all that follow. */
export type ConflictAnswer = 'skip' | 'replace' | 'skip-all' | 'replace-all' | 'stop';

/** One line of the list of results. */
export interface KeyResult {
  readonly line: number;
  /** Undefined for a line that names none. */
  readonly key?: KeyName;
  readonly fate: KeyFate;
  readonly reason?: string;
}

export interface ImportJob {
  readonly gate: WriteGate;
  readonly connection: Connection;
  /** Of the whole run; each batch goes through the gate under an id of its own. */
  readonly request: WriteRequest;
  readonly open: OpenFile;
  /** Names that are imported begin with this. */
  readonly prefix: KeyName;
  readonly policy: ConflictPolicy;
  /** Asked with the policy `ask`. */
  readonly ask?: (key: KeyName) => Promise<ConflictAnswer>;
  /** What is done at a line that cannot be read. */
  readonly onBadLine: 'skip' | 'stop';
  /** Keys a second at most. */
  readonly keysPerSecond?: number;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  readonly onResult?: (result: KeyResult) => void;
  readonly onProgress?: (report: ImportReport) => void;
}

/** Keys that pass the gate together. */
const batchSize = 500;

/**
 * Writes the keys of a file, batch by batch through the gate, each key whole or not at all. Run again with the
 * policy `skip` it goes on where it stopped. Rejects when not even the first batch is admitted.
 */
export async function importKeys(job: ImportJob): Promise<ImportReport> {
  const run = new ImportRun(job);
  const records = run.records();
  try {
    let batch = 0;
    for (let next = await records.next(); !next.done; next = await records.next()) {
      const first = next.value;
      const request = { ...job.request, requestId: `${job.request.requestId}:${batch}` };
      const before = run.counts.report;
      await run.guarded(batch++, () =>
        job.gate.run(
          request,
          (session) => run.batch(session, first, records),
          () => run.counts.endingSince(before),
        ),
      );
      if (run.isOver) break;
    }
    return run.counts.report;
  } finally {
    await records.return(undefined);
  }
}

type Records = AsyncGenerator<FileRecord, undefined>;

class ImportRun {
  readonly counts = new ImportCounts();
  isOver = false;
  private always: ConflictAnswer | undefined;
  private started: number | undefined;

  constructor(private readonly job: ImportJob) {}

  async *records(): Records {
    const file = await this.job.open(this.job.signal);
    requireEngine(file, this.job.connection);
    yield* file.records;
    return undefined;
  }

  /** A refusal of the first batch is the end of the act; a later one is part of its report. */
  async guarded(batch: number, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      if (batch === 0) throw thrown;
      this.stop({ error: toEngineError(thrown) });
    }
  }

  async batch(session: WriteSession, first: FileRecord, records: Records): Promise<void> {
    await this.record(session, first);
    for (let count = 1; count < batchSize && !this.isOver; count++) {
      const next = await records.next();
      if (next.done) return;
      await this.record(session, next.value);
    }
  }

  private async record(session: WriteSession, record: FileRecord): Promise<void> {
    if (this.job.signal?.aborted) this.stop({ isCancelled: true });
    else if (record.kind === 'truncated') this.counts.endsEarly();
    else if (record.kind === 'bad')
      this.take({ line: record.line, fate: 'invalid', reason: `Line ${record.line} ${record.problem}` });
    else if (record.kind === 'key') {
      await this.rate();
      await this.key(session, record);
    }
    this.job.onProgress?.(this.counts.report);
  }

  private async key(session: WriteSession, record: KeyRecord): Promise<void> {
    const { line } = record;
    const key = keyName(record.key);
    try {
      const { fate, reason } = await this.fateOf(session, record, key);
      this.take({ line, key, fate, ...(reason !== undefined && { reason }) });
    } catch (thrown) {
      this.failed({ line, key }, toEngineError(thrown));
    }
  }

  private failed(where: { readonly line: number; readonly key: KeyName }, error: EngineError): void {
    if (error.reason === 'cancelled') {
      this.stop({ isCancelled: true });
      return;
    }
    const fate = error.code === 'VALIDATION_ERROR' ? 'invalid' : 'failed';
    this.take({ ...where, fate, reason: error.message }, error);
    if (endsTheImport(error)) this.stop({ error });
  }

  private async fateOf(
    session: WriteSession,
    record: KeyRecord,
    key: KeyName,
  ): Promise<{ readonly fate: KeyFate; readonly reason?: string }> {
    const { prefix, clock } = this.job;
    if (!key.startsWith(prefix)) return { fate: 'invalid', reason: 'The name is outside the namespace' };
    if (record.expireAtMs !== undefined && record.expireAtMs <= clock.now()) return { fate: 'expired' };
    const answer = await this.decide(session, record, key);
    if (answer === undefined) return this.settle(await this.load(session, record, false), false);
    if (answer === 'replace') return this.settle(await this.load(session, record, true), true);
    if (answer === 'stop') this.stop({});
    return { fate: 'skipped', reason: 'The key exists' };
  }

  /** What is done with a key that exists; undefined for one that does not, or is found out when it is written. */
  private async decide(
    { provider, connection }: WriteSession,
    { key: bytes }: KeyRecord,
    key: KeyName,
  ): Promise<'skip' | 'replace' | 'stop' | undefined> {
    const { policy, ask, signal } = this.job;
    if (policy === 'skip' || policy === 'stop') return undefined;
    const facts = await provider.describe(bytes, connection.call(signal));
    if (!facts) return undefined;
    if (policy === 'replace') return 'replace';
    const answer = this.always ?? (await ask?.(key)) ?? 'stop';
    if (answer === 'skip-all' || answer === 'replace-all') this.always = answer;
    return answer === 'skip-all' ? 'skip' : answer === 'replace-all' ? 'replace' : answer;
  }

  private load(
    { provider, permit, connection }: WriteSession,
    { key, parts, expireAtMs }: KeyRecord,
    replace: boolean,
  ): Promise<ApplyOutcome> {
    const ttl: TtlChange = expireAtMs === undefined ? { mode: 'remove' } : { mode: 'set', expireAtMs };
    return provider.load(key, parts, { ttl, replace }, permit, batchCall(connection.call(this.job.signal)));
  }

  private settle(
    outcome: ApplyOutcome,
    existed: boolean,
  ): { readonly fate: KeyFate; readonly reason?: string } {
    if (outcome.status === 'applied') return { fate: existed ? 'replaced' : 'written' };
    if (outcome.status === 'conflict') {
      if (this.job.policy === 'stop') this.stop({});
      return { fate: 'skipped', reason: 'The key exists' };
    }
    this.stop({ error: outcome.cause });
    return { fate: 'unknown', reason: 'The reply of the server was lost' };
  }

  private take(result: KeyResult, error?: EngineError): void {
    this.counts.add(result.fate, error);
    this.job.onResult?.(result);
    if (result.fate === 'invalid' && this.job.onBadLine === 'stop') this.stop({});
  }

  private stop(why: { readonly isCancelled?: boolean; readonly error?: EngineError }): void {
    this.isOver = true;
    this.counts.stop(why);
  }

  /** Waits until the next key is due. */
  private async rate(): Promise<void> {
    const { keysPerSecond, clock, signal } = this.job;
    this.started ??= clock.monotonic();
    if (keysPerSecond === undefined) return;
    const due = this.started + (this.counts.report.keys / keysPerSecond) * 1000;
    if (due > clock.monotonic()) await pause(due - clock.monotonic(), signal);
  }
}

/** What every further key would meet as well. */
function endsTheImport(error: EngineError): boolean {
  return (
    error.code === 'CONNECTION_FAILED' ||
    error.code === 'TIMEOUT' ||
    error.reason === 'read-only' ||
    error.reason === 'bug'
  );
}
