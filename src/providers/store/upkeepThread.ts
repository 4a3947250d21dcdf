import { type MessagePort, Worker } from 'node:worker_threads';
import { bufferOf } from '../../engine/kernel/bufferOf';
import { systemClock } from '../../engine/kernel/clock';
import { EngineError, toError } from '../../engine/kernel/errors';
import type { Log } from '../../engine/kernel/ports';
import { receiveError } from '../../engine/kernel/sentError';
import { migrations } from './migrations';
import { type SentLogLine, logTo } from './sentLog';
import { loadSqlite } from './sqlite';
import { nodeFiles } from './storeFiles';
import {
  type RunUpkeepJob,
  type UpkeepJobResults,
  type UpkeepJob,
  type UpkeepReply,
  answerUpkeepJob,
} from './upkeepJobs';

/** What a thread for one job is started with. */
export interface UpkeepThreadOptions {
  readonly upkeep: { readonly folder: string; readonly wasmPath: string };
}

/** Runs each job in a thread of its own, which ends with it: its memory is needed once in a long while. */
export function inOwnThread(options: {
  /** The script of the store's worker, which runs jobs too. */
  readonly workerPath: string;
  readonly folder: string;
  readonly wasmPath: string;
  readonly log: Log;
}): RunUpkeepJob {
  const { workerPath, folder, wasmPath, log } = options;
  return async <J extends UpkeepJob>(job: J) => {
    const workerData: UpkeepThreadOptions = { upkeep: { folder, wasmPath } };
    const worker = new Worker(workerPath, { workerData, name: 'cachify-store-upkeep' });
    const reply = replyOf(worker, log);
    worker.postMessage(job, 'database' in job ? [job.database.buffer as ArrayBuffer] : []);
    const received = await reply;
    if ('error' in received) throw receiveError(received.error);
    return received.result as UpkeepJobResults[J['act']];
  };
}

/** Does the one job that arrives. */
export async function runUpkeepThread(port: MessagePort, { upkeep }: UpkeepThreadOptions): Promise<void> {
  const arrived = new Promise<UpkeepJob>((resolve) => port.once('message', resolve));
  const openDatabase = await loadSqlite(upkeep.wasmPath);
  const log = logTo((line) => port.postMessage(line));
  const { folder } = upkeep;
  const ports = { files: nodeFiles, folder, migrations, openDatabase, clock: systemClock, log };
  port.postMessage(answerUpkeepJob(asBuffer(await arrived), ports));
}

/** SQLite takes a Buffer as it is, and a copy of any other bytes. */
function asBuffer(job: UpkeepJob): UpkeepJob {
  if (!('database' in job)) return job;
  return { ...job, database: bufferOf(job.database) };
}

/** The one answer of a thread, once it has ended and its memory is free; rejects when it ends without one. */
function replyOf(worker: Worker, log: Log): Promise<UpkeepReply> {
  return new Promise((resolve, reject) => {
    let reply: UpkeepReply | undefined;
    worker.on('message', (message: UpkeepReply | SentLogLine) => {
      if ('kind' in message) log[message.level](message.message, message.fields);
      else reply = message;
    });
    worker.on('error', (thrown: unknown) => reject(ended(toError(thrown).message, thrown)));
    worker.on('exit', () => (reply ? resolve(reply) : reject(ended('it ended'))));
  });
}

function ended(why: string, cause?: unknown): EngineError {
  const text = `Work on a copy of the store failed: ${why}`;
  return new EngineError('INTERNAL_ERROR', 'store-failed', text, { retryable: true, cause });
}
