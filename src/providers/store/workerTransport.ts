import { Worker } from 'node:worker_threads';
import { EngineError, toError } from '../../engine/kernel/errors';
import type { WorkerMessage, WorkerOptions } from './storeMessages';
import type { ConnectTransport } from './storeTransport';

/** Reaches the store in a worker thread of this process, which is started on connecting. */
export function workerTransport(workerPath: string, options: WorkerOptions): ConnectTransport {
  return (events) => {
    const worker = new Worker(workerPath, { workerData: options, name: 'cachify-store' });
    let cause: unknown;
    worker.on('message', (message: WorkerMessage) => events.onMessage(message));
    worker.on('error', (thrown: unknown) => (cause = thrown));
    worker.on('exit', () => events.onEnd(stopped(cause)));
    return {
      send: (requests) => worker.postMessage(requests),
      terminate: async () => {
        await worker.terminate();
      },
    };
  };
}

function stopped(cause: unknown): EngineError {
  const why = cause === undefined ? '' : `: ${toError(cause).message}`;
  const text = `The store stopped${why}; whether what was being saved has been saved is unknown`;
  return new EngineError('INTERNAL_ERROR', 'store-stopped', text, {
    retryable: true,
    details: { outcome: 'unknown' },
    cause,
  });
}
