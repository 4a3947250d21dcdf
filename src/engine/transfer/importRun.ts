import type { ApplyOutcome } from '../connections/change';
import type { TtlChange } from '../connections/ttlChange';
import type { ValuePart } from '../connections/valuePart';
import { pause } from '../kernel/deadline';
import { toEngineError, type EngineError } from '../kernel/errors';
import { keyName, type KeyName } from '../kernel/keyName';
import { batchCall } from '../keys/changeKey';
import type { WriteSession } from '../keys/guard';
import { requireSealed } from './dumpSeal';
import type { ConflictAnswer, ImportJob, KeyResult } from './importJob';
import { requireEngine } from './importPlan';
import { ImportCounts, type KeyFate } from './importReport';
import type { FileRecord, KeyRecord } from './readRecords';

/** Records that pass the gate together. */
const batchSize = 500;
/** Short values that are written at the same time: most of the time of one is the way to the server. */
const window = 16;

/** The records of a file, to be taken one by one. */
export type Records = AsyncGenerator<FileRecord, undefined>;

/** One run through a file: how far it is, what is being written, and why it is over. */
export class ImportRun {
  readonly counts = new ImportCounts();
  isOver = false;
  private always: ConflictAnswer | undefined;
  private started: number | undefined;
  private begun = 0;
  private readonly underWay = new Map<KeyName, Promise<void>>();

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

  /** Takes records until the batch is full; resolves when all of them have ended. */
  async batch(session: WriteSession, first: FileRecord, records: Records): Promise<void> {
    try {
      await this.record(session, first);
      for (let count = 1; count < batchSize && !this.isOver; count++) {
        const next = await this.next(records);
        if (next.done) return;
        await this.record(session, next.value);
      }
    } finally {
      await this.drained();
    }
  }

  /** The next record. A file that cannot be read on, or a cancel while it is read, is the end, and what was written counts. */
  async next(records: Records): Promise<IteratorResult<FileRecord, undefined>> {
    try {
      return await records.next();
    } catch (thrown) {
      const error = toEngineError(thrown);
      this.stop(error.reason === 'cancelled' ? { isCancelled: true } : { error });
      return { done: true, value: undefined };
    }
  }

  private async record(session: WriteSession, record: FileRecord): Promise<void> {
    if (this.job.signal?.aborted) this.stop({ isCancelled: true });
    else if (record.kind === 'truncated') this.counts.endsEarly();
    else if (record.kind === 'bad') this.bad(record);
    else if (record.kind === 'key') {
      await this.rate();
      await this.begin(session, record);
    }
  }

  private bad({ line, key, problem }: Extract<FileRecord, { kind: 'bad' }>): void {
    const own = key === undefined ? {} : { key: keyName(key) };
    this.take({ line, ...own, fate: 'invalid', reason: `Line ${line} ${problem}` });
  }

  /** Starts a short value beside others; anything else, and what a person may be asked about, goes alone. */
  private async begin(session: WriteSession, record: KeyRecord): Promise<void> {
    const key = keyName(record.key);
    const { policy } = this.job;
    const isAlone = !record.isShort || policy === 'ask' || policy === 'stop';
    // the file may name a key twice: the first is then there before the second
    if (isAlone || this.underWay.has(key)) await this.drained();
    if (isAlone) {
      if (!this.isOver) await this.key(session, record);
      return;
    }
    const held = { ...record, parts: await heldParts(record.parts) };
    this.underWay.set(
      key,
      this.key(session, held).finally(() => this.underWay.delete(key)),
    );
    if (this.underWay.size >= window) await Promise.race(this.underWay.values());
  }

  private async drained(): Promise<void> {
    await Promise.all(this.underWay.values());
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
    if (error.reason === 'expired') {
      this.take({ ...where, fate: 'expired' });
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
    const { takesUnsigned, sealKey, signal } = this.job;
    const trusted = takesUnsigned ? parts : requireSealed(parts, sealKey);
    return provider.load(key, trusted, { ttl, replace }, permit, batchCall(connection.call(signal)));
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
    this.counts.add(result, error);
    this.job.onResult?.(result);
    this.job.onProgress?.(this.counts.report);
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
    const due = this.started + (this.begun++ / keysPerSecond) * 1000;
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

/** The parts of a short value, so that the file can be read on; what is wrong with them is told when they are used. */
async function heldParts(parts: AsyncIterable<ValuePart>): Promise<AsyncIterable<ValuePart>> {
  const held: ValuePart[] = [];
  let failure: unknown;
  try {
    for await (const part of parts) held.push(part);
  } catch (thrown) {
    failure = thrown;
  }
  return {
    async *[Symbol.asyncIterator]() {
      yield* held;
      if (failure) throw toEngineError(failure);
    },
  };
}
