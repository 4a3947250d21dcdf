import type { MessagePort } from 'node:worker_threads';
import { systemClock, systemRandom } from '../../engine/kernel/clock';
import type { HostMessage, HostRequest, WorkerOptions } from './hostMessages';
import { migrations } from './migrations';
import { logTo } from './sentLog';
import { loadSqlite } from './sqlite';
import type { StoreFiles } from './storeFiles';
import { StoreHost } from './storeHost';
import { thisProcess } from './thisProcess';
import { nodeTimers } from './timers';
import { inOwnThread } from './upkeepThread';

/**
 * Runs a host on `files` that talks to its window by `port`; the worker ends when the host has. `workerPath`: the script
 * that is running, for threads of its own.
 */
export function runHost(
  port: MessagePort,
  options: WorkerOptions,
  files: StoreFiles,
  workerPath: string,
): void {
  const tell = (message: HostMessage): void => {
    port.postMessage(message);
    if (message.kind === 'ended') port.close();
  };
  const log = logTo(tell);
  const host = new StoreHost({
    ...options,
    files,
    loadSqlite: () => loadSqlite(options.wasmPath),
    migrations,
    clock: systemClock,
    timers: nodeTimers,
    random: systemRandom,
    process: thisProcess,
    log,
    tell,
    runJob: inOwnThread({ ...options, workerPath, log }),
    // After the messages that are already there have been delivered, which are handed over one an event.
    defer: setImmediate,
  });
  port.on('message', (_request: HostRequest) => host.stop());
  host.start();
}
