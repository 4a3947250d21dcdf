import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { systemClock, systemRandom } from '../../engine/kernel/clock';
import { toEngineError } from '../../engine/kernel/errors';
import type { Log, LogFields } from '../../engine/kernel/ports';
import { LockFile } from './lockFile';
import { migrations } from './migrations';
import { loadSqlite } from './sqlite';
import { StoreCore } from './storeCore';
import { sendError } from './storeErrors';
import { nodeFiles } from './storeFiles';
import type { StoreRequest, WorkerMessage, WorkerOptions } from './storeMessages';
import { StoreServer } from './storeServer';
import { thisProcess } from './thisProcess';
import { nodeTimers } from './timers';

/** Runs the store behind `port` until it is closed; the port holds requests back until the store is open. */
async function serve(port: MessagePort, { folder, wasmPath, clientId }: WorkerOptions): Promise<void> {
  const post = (message: WorkerMessage): void => port.postMessage(message);
  try {
    const lock = {
      folder,
      clientId,
      files: nodeFiles,
      clock: systemClock,
      random: systemRandom,
      process: thisProcess,
    };
    const core = new StoreCore({
      files: nodeFiles,
      folder,
      openDatabase: await loadSqlite(wasmPath),
      migrations,
      ownership: new LockFile(lock),
      clock: systemClock,
      timers: nodeTimers,
      log: logTo(post),
      onRole: (role) => post({ kind: 'role', role }),
    });
    const server = new StoreServer(core, {
      post: (replies) => post({ kind: 'replies', replies }),
      // After the messages that are already there have been delivered, which are handed over one an event.
      defer: setImmediate,
      onClose: () => port.close(),
    });
    await core.open();
    port.on('message', (requests: readonly StoreRequest[]) => server.accept(requests));
  } catch (thrown) {
    post({ kind: 'failed', error: sendError(toEngineError(thrown)) });
    port.close();
  }
}

function logTo(post: (message: WorkerMessage) => void): Log {
  const at =
    (level: keyof Log) =>
    (message: string, fields?: LogFields): void =>
      post({ kind: 'log', level, message, fields });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

if (!parentPort) throw new Error('The store worker must be started as a worker thread');
void serve(parentPort, workerData as WorkerOptions);
