import type { MessagePort } from 'node:worker_threads';
import { systemClock, systemRandom } from '../../engine/kernel/clock';
import type { Log, LogFields } from '../../engine/kernel/ports';
import type { HostMessage, HostRequest, WorkerOptions } from './hostMessages';
import { migrations } from './migrations';
import { loadSqlite } from './sqlite';
import type { StoreFiles } from './storeFiles';
import { StoreHost } from './storeHost';
import { thisProcess } from './thisProcess';
import { nodeTimers } from './timers';

/** Runs a host on `files` that talks to its window by `port`; the worker ends when the host has. */
export function runHost(port: MessagePort, options: WorkerOptions, files: StoreFiles): void {
  const tell = (message: HostMessage): void => {
    port.postMessage(message);
    if (message.kind === 'ended') port.close();
  };
  const host = new StoreHost({
    ...options,
    files,
    loadSqlite: () => loadSqlite(options.wasmPath),
    migrations,
    clock: systemClock,
    timers: nodeTimers,
    random: systemRandom,
    process: thisProcess,
    log: logTo(tell),
    tell,
    // After the messages that are already there have been delivered, which are handed over one an event.
    defer: setImmediate,
  });
  port.on('message', (_request: HostRequest) => host.stop());
  host.start();
}

function logTo(tell: (message: HostMessage) => void): Log {
  const at =
    (level: keyof Log) =>
    (message: string, fields?: LogFields): void =>
      tell({ kind: 'log', level, message, fields });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
