import { toEngineError } from '../../engine/kernel/errors';
import { type SentError, sendError } from '../../engine/kernel/sentError';
import type { Clock, Log } from '../../engine/kernel/ports';
import { backUp } from './backUp';
import type { FrozenFiles } from './frozenFiles';
import type { LoadOptions } from './loadStore';
import { pageUsage } from './pageUsage';
import type { UpkeepResults } from './storeMessages';
import { type CheckedDatabase, type CheckedFiles, checkDatabase, checkFiles } from './verifyStore';

/** Work on the store that takes long, for a thread of its own: meanwhile the owner serves the windows. */
export type UpkeepJob =
  | { readonly act: 'tableBytes'; readonly database: Uint8Array }
  | { readonly act: 'backUp'; readonly database: Uint8Array; readonly at: number }
  | { readonly act: 'checkDatabase'; readonly database: Uint8Array }
  | { readonly act: 'checkFiles'; readonly files: FrozenFiles; readonly version: number };

/** What each gives. */
export interface UpkeepJobResults {
  readonly tableBytes: UpkeepResults['tableBytes'];
  readonly backUp: UpkeepResults['backUp'];
  readonly checkDatabase: CheckedDatabase;
  readonly checkFiles: CheckedFiles;
}

/** Does a job; the database in it, as the bytes of a file, is given away. */
export type RunUpkeepJob = <J extends UpkeepJob>(job: J) => Promise<UpkeepJobResults[J['act']]>;

/** What a job that was done in another thread comes back as. */
export type UpkeepReply =
  { readonly result: UpkeepJobResults[UpkeepJob['act']] } | { readonly error: SentError };

/** What jobs need where they run. */
export interface UpkeepJobPorts extends LoadOptions {
  readonly clock: Clock;
  readonly log: Log;
}

/** Does a job in this thread. */
export function doUpkeepJob(job: UpkeepJob, ports: UpkeepJobPorts): UpkeepJobResults[UpkeepJob['act']] {
  switch (job.act) {
    case 'tableBytes':
      return bytesOfTables(job.database);
    case 'backUp':
      return backUp(ports, job.database, job.at);
    case 'checkDatabase':
      return checkDatabase(job.database, ports.openDatabase);
    case 'checkFiles':
      return checkFiles(job.files, job.version, ports);
  }
}

/** The same, with failures as what can be sent. */
export function answerUpkeepJob(...args: Parameters<typeof doUpkeepJob>): UpkeepReply {
  try {
    return { result: doUpkeepJob(...args) };
  } catch (thrown) {
    return { error: sendError(toEngineError(thrown)) };
  }
}

function bytesOfTables(file: Uint8Array): UpkeepResults['tableBytes'] {
  return pageUsage(file)?.bytes ?? new Map([['', file.length]]);
}
