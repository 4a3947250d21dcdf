import { Buffer } from 'node:buffer';
import type { CacheReader, CallOptions } from '../connections/cacheProvider';
import type { Connection } from '../connections/connection';
import type { KeyFacts } from '../connections/valuePage';
import type { ValuePart } from '../connections/valuePart';
import { cancelled, EngineError, toEngineError } from '../kernel/errors';
import { keyBytes, type KeyName } from '../kernel/keyName';
import type { Clock } from '../kernel/ports';
import type { Ending } from '../kernel/recorder';
import { batchCall } from '../keys/changeKey';
import { expiryOf } from '../keys/expiryOf';
import { sealed, type SealKey } from './dumpSeal';
import type { FileFormat } from './fileFormat';
import type { FileType } from './fileLines';
import type { FileSink } from './ports';
import { readParts } from './readParts';
import { requireWhole } from './requireWhole';
import type { KeyHead } from './writeLines';

/** A key that is not in the file, and why. */
export interface ExportFailure {
  readonly key: KeyName;
  readonly error: EngineError;
}

/** What became of an export so far. */
export interface ExportReport {
  /** Keys that are whole in the file. */
  readonly keys: number;
  /** Bytes of the file. */
  readonly bytes: number;
  /** Keys that are not in the file; the first of them are named. */
  readonly failed: number;
  readonly failures: readonly ExportFailure[];
}

export interface ExportJob {
  readonly connection: Connection;
  readonly db: number;
  readonly keys: Iterable<KeyName> | AsyncIterable<KeyName>;
  readonly format: FileFormat;
  readonly sink: FileSink;
  readonly sealKey: SealKey;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  readonly onProgress?: (report: ExportReport) => void;
}

/** Failures that are named in a report. */
const namedFailures = 1000;
/** Keys that are read at the same time. */
const window = 32;
/** Largest values that are read beside others: the rest goes alone, a page at a time. */
const smallBytes = 64 * 1024;
const smallRows = 100;
/** Stands for the text of a key that is too large to be held. */
const large = Symbol('large');

/**
 * Writes keys with their values to a file, which takes its name only when it is whole. A key that is gone or cannot
 * be read is told and left out; a lost link is waited for by the rule for reads, and then ends the export.
 */
export async function exportKeys(job: ExportJob): Promise<ExportReport> {
  const run = new ExportRun(job);
  try {
    requireWhole(await job.connection.provider(job.db, job.signal));
    await run.write(job.format.header(job.connection.profile.engine));
    let batch: KeyName[] = [];
    for await (const key of job.keys) {
      batch.push(key);
      if (batch.length < window) continue;
      await run.batch(batch);
      batch = [];
    }
    await run.batch(batch);
    await run.write(job.format.footer(run.report.keys, run.report.failed));
    requireGoingOn(job.signal);
    await job.sink.commit();
    return run.report;
  } catch (thrown) {
    await job.sink.discard();
    throw toEngineError(thrown);
  }
}

/** How an export ended, for the history. */
export function exportEnding({ keys, bytes, failed, failures }: ExportReport): Ending {
  const [first] = failures;
  return {
    status: failed > 0 ? 'error' : 'success',
    details: { keys, bytes, failed },
    ...(first && { error: first.error }),
  };
}

class ExportRun {
  private keys = 0;
  private bytes = 0;
  private failed = 0;
  /** A file that could not be written further is no file any more, whatever key it happened at. */
  private hasLostFile = false;
  private readonly failures: ExportFailure[] = [];

  constructor(private readonly job: ExportJob) {}

  get report(): ExportReport {
    const { keys, bytes, failed, failures } = this;
    return { keys, bytes, failed, failures };
  }

  async write(content: string): Promise<void> {
    this.bytes += Buffer.byteLength(content);
    try {
      await this.job.sink.write(content);
    } catch (thrown) {
      this.hasLostFile = true;
      throw thrown;
    }
  }

  /** Reads what is small at the same time, and writes all in order. */
  async batch(names: readonly KeyName[]): Promise<void> {
    requireGoingOn(this.job.signal);
    const texts = await Promise.all(names.map((name) => this.settled(() => this.small(name), name)));
    for (const [i, name] of names.entries()) {
      const text = texts[i];
      if (text === undefined) continue;
      if (text !== large) await this.write(text);
      else if (!(await this.settled(() => this.large(name), name))) continue;
      this.keys++;
    }
    this.job.onProgress?.(this.report);
  }

  /** What one key came to; undefined when it could not be read, which is noted. Ends the export with the link. */
  private async settled<T>(work: () => Promise<T>, key: KeyName): Promise<T | undefined> {
    try {
      return await work();
    } catch (thrown) {
      const error = toEngineError(thrown);
      if (this.hasLostFile || endsTheExport(error)) throw error;
      this.failed++;
      if (this.failures.length < namedFailures) this.failures.push({ key, error });
      return undefined;
    }
  }

  /** The whole text of a small key, or that it must be streamed. */
  private small(name: KeyName): Promise<string | typeof large> {
    return this.read(async (reader, call) => {
      const { facts, head } = await this.describe(reader, name, call);
      if (!isSmall(facts)) return large;
      let text = '';
      const parts = this.parts(reader, head.key, facts, call);
      for await (const piece of this.job.format.key(head, parts)) text += piece;
      return text;
    });
  }

  private async large(name: KeyName): Promise<boolean> {
    let hasBegun = false;
    return this.read(async (reader, call) => {
      // an attempt that was cut off by a lost link is taken back before the next
      if (hasBegun) await this.abandon();
      hasBegun = false;
      const { facts, head } = await this.describe(reader, name, call);
      const parts = this.parts(reader, head.key, facts, call);
      try {
        for await (const piece of this.job.format.key(head, parts)) {
          requireGoingOn(this.job.signal);
          hasBegun = true;
          await this.write(piece);
          this.job.onProgress?.(this.report);
        }
      } catch (thrown) {
        const error = toEngineError(thrown);
        if (hasBegun && !this.hasLostFile && !endsTheExport(error)) await this.abandon();
        throw error;
      }
      return true;
    });
  }

  private parts(
    reader: CacheReader,
    key: Buffer,
    facts: KeyFacts,
    call: CallOptions,
  ): AsyncIterable<ValuePart> {
    const { clock, sealKey } = this.job;
    return sealed(
      readParts(reader, key, facts, call, () => clock.now()),
      sealKey,
    );
  }

  private async abandon(): Promise<void> {
    await this.write(this.job.format.abandoned);
  }

  private async describe(reader: CacheReader, name: KeyName, call: CallOptions) {
    const key = keyBytes(name);
    const facts = await reader.describe(key, call);
    if (!facts) throw new EngineError('CONFLICT', 'gone', 'The key does not exist any more');
    return { facts, head: headOf(key, facts, this.job.clock.now()) };
  }

  private async read<T>(work: (reader: CacheReader, call: CallOptions) => Promise<T>): Promise<T> {
    const { connection, db, signal } = this.job;
    const { value } = await connection.read(db, (reader, call) => work(reader, batchCall(call)), signal);
    return value;
  }
}

/** What the value of a key is called in a file. */
export function fileTypeOf({ type, isOpaque }: KeyFacts): FileType {
  return type === 'other' || isOpaque ? 'dump' : type;
}

/** What a file says of a key before its value. */
export function headOf(key: Buffer, facts: KeyFacts, now: number): KeyHead {
  const { typeName, flags } = facts;
  const type = fileTypeOf(facts);
  const expireAtMs = expiryOf(facts, now);
  return {
    key,
    type,
    ...(expireAtMs !== undefined && { expireAtMs }),
    ...(flags !== undefined && { flags }),
    ...(type === 'dump' && { typeName }),
  };
}

function isSmall({ type, isOpaque, length = Infinity }: KeyFacts): boolean {
  if (isOpaque) return false;
  if (type === 'string' || type === 'item') return length <= smallBytes;
  return length <= smallRows;
}

/** Without the server, or when the person stops it, there is nothing more to be had. */
function endsTheExport(error: EngineError): boolean {
  return (
    error.reason === 'cancelled' ||
    error.code === 'CONNECTION_FAILED' ||
    error.code === 'TIMEOUT' ||
    error.reason === 'bug'
  );
}

function requireGoingOn(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled('The export');
}
