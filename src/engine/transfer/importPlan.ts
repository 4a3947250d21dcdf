import type { CacheReader } from '../connections/cacheProvider';
import type { Connection } from '../connections/connection';
import { cancelled, EngineError, invalid } from '../kernel/errors';
import { keyName, type KeyName } from '../kernel/keyName';
import type { Clock } from '../kernel/ports';
import { batchCall } from '../keys/changeKey';
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
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  readonly onProgress?: (plan: ImportPlan) => void;
}

/** Problems that are named. */
const namedProblems = 100;
/** Keys between two reports of progress. */
const reportEvery = 100;

/** Reads the whole file and compares it with the server. Rejects when the file is of another kind, or cancelled. */
export async function planImport(job: PlanJob): Promise<ImportPlan> {
  const file = await job.open(job.signal);
  requireEngine(file, job.connection);
  let plan: ImportPlan = {
    fresh: 0, same: 0, different: 0, expired: 0, outside: 0, invalid: 0, problems: [], endsEarly: false,
  }; // prettier-ignore
  let seen = 0;
  for await (const record of file.records) {
    if (job.signal?.aborted) throw cancelled('The comparison');
    plan = await added(plan, record, job);
    if (++seen % reportEvery === 0) job.onProgress?.(plan);
  }
  return plan;
}

/** Rejects a file of another engine: what it holds has no counterpart. */
export function requireEngine(file: OpenedFile, { profile }: Connection): void {
  if (file.engine === profile.engine) return;
  throw invalid(
    `The file holds keys of ${file.engine === 'redis' ? 'Redis' : 'Memcached'}, which "${profile.name}" cannot take`,
  );
}

async function added(plan: ImportPlan, record: FileRecord, job: PlanJob): Promise<ImportPlan> {
  switch (record.kind) {
    case 'key': {
      const what = await fateOf(record, job);
      return typeof what === 'string' ? { ...plan, [what]: plan[what] + 1 } : withProblem(plan, what);
    }
    case 'bad':
      return withProblem(plan, { line: record.line, text: record.problem });
    case 'truncated':
      return { ...plan, endsEarly: true };
    case 'end':
      return plan;
  }
}

function withProblem(plan: ImportPlan, problem: LineProblem): ImportPlan {
  const problems = plan.problems.length < namedProblems ? [...plan.problems, problem] : plan.problems;
  return { ...plan, invalid: plan.invalid + 1, problems };
}

type Fate = 'fresh' | 'same' | 'different' | 'expired' | 'outside';

async function fateOf(record: KeyRecord, job: PlanJob): Promise<Fate | LineProblem> {
  let digest: string;
  try {
    digest = await valueDigest(record.parts);
  } catch (thrown) {
    return { line: record.line, text: thrown instanceof Error ? thrown.message : 'cannot be read' };
  }
  if (!keyName(record.key).startsWith(job.prefix)) return 'outside';
  if (record.expireAtMs !== undefined && record.expireAtMs <= job.clock.now()) return 'expired';
  const { value } = await job.connection.read(
    job.db,
    (reader, call) => comparedWith(reader, record, digest, { ...job, call: batchCall(call) }),
    job.signal,
  );
  return value;
}

async function comparedWith(
  reader: CacheReader,
  { key, type }: KeyRecord,
  digest: string,
  { call, clock }: Pick<PlanJob, 'clock'> & { readonly call: ReturnType<typeof batchCall> },
): Promise<'fresh' | 'same' | 'different'> {
  const facts = await reader.describe(key, call);
  if (!facts) return 'fresh';
  if ((facts.type === 'other' ? 'dump' : facts.type) !== type) return 'different';
  try {
    const theirs = await valueDigest(readParts(reader, key, facts, call, () => clock.now()));
    return theirs === digest ? 'same' : 'different';
  } catch (thrown) {
    // what may not be seen may differ
    if (thrown instanceof EngineError && thrown.reason === 'no-permission') return 'different';
    throw thrown;
  }
}
