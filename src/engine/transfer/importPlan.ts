import type { Buffer } from 'node:buffer';
import type { CacheReader, CallOptions } from '../connections/cacheProvider';
import type { Connection } from '../connections/connection';
import type { KeyFacts, ValueType } from '../connections/valuePage';
import { cancelled, invalid, toEngineError } from '../kernel/errors';
import { keyName, type KeyName } from '../kernel/keyName';
import type { Clock } from '../kernel/ports';
import { batchCall } from '../keys/changeKey';
import { SealCheck, type SealKey } from './dumpSeal';
import { fileTypeOf } from './exportKeys';
import type { FileType } from './fileLines';
import type { OpenFile } from './openFile';
import { readParts } from './readParts';
import type { FileRecord, KeyRecord, OpenedFile } from './readRecords';
import { valueDigest } from './valueDigest';

/** What an import would do, key by key: nothing has been written. */
export interface ImportPlan {
  /** Keys that are not on the server. */
  readonly fresh: number;
  /** Keys that are there with this value already. */
  readonly same: number;
  /** Keys that are there with another value. */
  readonly different: number;
  /** Keys that have expired since the export. */
  readonly expired: number;
  /** Keys outside the namespace that is imported into. */
  readonly outside: number;
  /** Lines that cannot be read; the first of them are named. */
  readonly invalid: number;
  readonly problems: readonly LineProblem[];
  /** Serialised values that bear no seal of ours; each is in a count above too. */
  readonly unsigned: number;
  /** The file was cut off: keys after its end are missing. */
  readonly endsEarly: boolean;
}

export interface LineProblem {
  readonly line: number;
  readonly text: string;
}

export interface PlanJob {
  readonly connection: Connection;
  readonly db: number;
  /** Names that are imported begin with this. */
  readonly prefix: KeyName;
  readonly open: OpenFile;
  readonly sealKey: SealKey;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  readonly onProgress?: (plan: ImportPlan) => void;
}

/** Problems that are named. */
const namedProblems = 100;
/** Keys that the server is asked about at the same time: most of the time of one is the way to the server. */
const window = 64;
/** Keys between two reports of progress. */
const reportEvery = 100;

/** Reads the whole file and compares it with the server. Rejects when the file is of another kind, or cancelled. */
export async function planImport(job: PlanJob): Promise<ImportPlan> {
  const file = await job.open(job.signal);
  requireEngine(file, job.connection);
  const run = new PlanRun(job);
  try {
    for await (const record of file.records) {
      if (job.signal?.aborted) throw cancelled('The comparison');
      await run.take(record);
    }
  } finally {
    await run.settled();
  }
  return run.plan;
}

/** Rejects a file of another engine: what it holds has no counterpart. */
export function requireEngine(file: OpenedFile, { profile }: Connection): void {
  if (file.engine === profile.engine) return;
  throw invalid(
    `The file holds keys of ${file.engine === 'redis' ? 'Redis' : 'Memcached'}, which "${profile.name}" cannot take`,
  );
}

type Fate = 'fresh' | 'same' | 'different' | 'expired' | 'outside';

/** One comparison: the file is read in order, while the server is asked about several keys at a time. */
class PlanRun {
  private current: ImportPlan = {
    fresh: 0, same: 0, different: 0, expired: 0, outside: 0, invalid: 0, problems: [], unsigned: 0, endsEarly: false,
  }; // prettier-ignore
  private seen = 0;
  private readonly underWay = new Set<Promise<void>>();
  private failure: unknown;

  constructor(private readonly job: PlanJob) {}

  /** Throws what a comparison failed with. */
  get plan(): ImportPlan {
    if (this.failure !== undefined) throw toEngineError(this.failure);
    return this.current;
  }

  async take(record: FileRecord): Promise<void> {
    if (record.kind === 'key') await this.key(record);
    else if (record.kind === 'bad') this.problem({ line: record.line, text: record.problem });
    else if (record.kind === 'truncated') this.current = { ...this.current, endsEarly: true };
    if (++this.seen % reportEvery === 0) this.job.onProgress?.(this.plan);
  }

  /** Resolves when nothing is asked any more. */
  async settled(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private async key(record: KeyRecord): Promise<void> {
    const { prefix, clock, sealKey } = this.job;
    const seal = new SealCheck(sealKey);
    let digest: string;
    try {
      digest = await valueDigest(record.parts, (part) => {
        seal.see(part);
      });
    } catch (thrown) {
      this.problem({ line: record.line, text: thrown instanceof Error ? thrown.message : 'cannot be read' });
      return;
    }
    if (!seal.isSealed) this.current = { ...this.current, unsigned: this.current.unsigned + 1 };
    if (!keyName(record.key).startsWith(prefix)) this.add('outside');
    else if (record.expireAtMs !== undefined && record.expireAtMs <= clock.now()) this.add('expired');
    else await this.compare(record, digest);
  }

  private async compare(record: KeyRecord, digest: string): Promise<void> {
    const comparing = this.ask(record, digest).then(
      (fate) => {
        this.add(fate);
      },
      (thrown: unknown) => {
        this.failure ??= thrown;
      },
    );
    this.underWay.add(comparing);
    void comparing.then(() => this.underWay.delete(comparing));
    if (this.underWay.size >= window) await Promise.race(this.underWay);
    if (this.failure !== undefined) throw toEngineError(this.failure);
  }

  private async ask(record: KeyRecord, digest: string): Promise<Fate> {
    const { connection, db, signal } = this.job;
    const { value } = await connection.read(
      db,
      (reader, call) => comparedWith(reader, record, digest, { ...this.job, call: batchCall(call) }),
      signal,
    );
    return value;
  }

  private add(fate: Fate): void {
    this.current = { ...this.current, [fate]: this.current[fate] + 1 };
  }

  private problem(problem: LineProblem): void {
    const { problems, invalid: count } = this.current;
    const named = problems.length < namedProblems ? [...problems, problem] : problems;
    this.current = { ...this.current, invalid: count + 1, problems: named };
  }
}

/** Types whose value a server gives without being asked what the key is: empty where there is none. */
const askedAtOnce: readonly FileType[] = ['string', 'hash', 'list', 'zset'];

interface Comparing extends Pick<PlanJob, 'clock'> {
  readonly call: CallOptions;
}

async function comparedWith(
  reader: CacheReader,
  record: KeyRecord,
  digest: string,
  comparing: Comparing,
): Promise<'fresh' | 'same' | 'different'> {
  const { key, type } = record;
  if (isAskedAtOnce(type)) {
    const theirs = await digestOf(reader, key, { type, typeName: type }, comparing);
    // where nothing is, nothing is like an empty string
    if (theirs !== (await nothing)) return theirs === digest ? 'same' : 'different';
  }
  const facts = await reader.describe(key, comparing.call);
  if (!facts) return 'fresh';
  if (fileTypeOf(facts) !== type) return 'different';
  return (await digestOf(reader, key, facts, comparing)) === digest ? 'same' : 'different';
}

function isAskedAtOnce(type: FileType): type is Extract<FileType, ValueType> {
  return askedAtOnce.includes(type);
}

const nothing = valueDigest((async function* () {})());

/** Undefined for a value that is of another type, or may not be seen: it counts as another. */
async function digestOf(
  reader: CacheReader,
  key: Buffer,
  facts: KeyFacts,
  { call, clock }: Comparing,
): Promise<string | undefined> {
  try {
    return await valueDigest(readParts(reader, key, facts, call, () => clock.now()));
  } catch (thrown) {
    const { reason } = toEngineError(thrown);
    if (reason === 'no-permission' || reason === 'wrong-type') return undefined;
    throw thrown;
  }
}
