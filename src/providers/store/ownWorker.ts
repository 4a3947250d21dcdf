import { Worker } from 'node:worker_threads';
import { systemRandom } from '../../engine/kernel/clock';
import { EngineError, toError } from '../../engine/kernel/errors';
import { Emitter } from '../../engine/kernel/events';
import type { Log } from '../../engine/kernel/ports';
import { receiveError } from '../../engine/kernel/sentError';
import type { HostMessage, WorkerOptions } from './hostMessages';
import type { OwnerFacts } from './ownerFile';
import { removeLockOf } from './lockFile';
import { nodeFiles } from './storeFiles';

/** How long a worker that gave way to a later build leaves the store to that one, milliseconds. */
const yieldMs = 3000;

/** What became of this window's worker. */
export type OwnWorkerEvent =
  | { readonly kind: 'serving'; readonly facts: OwnerFacts }
  | { readonly kind: 'ended'; readonly failure?: EngineError };

/**
 * The worker of this window, in which the store runs while this window owns it.
 *
 * States and exits:
 * - `none`: -> `starting` by `start`.
 * - `starting`: wants the store. -> `serving` when it got it, -> `none` when it ended.
 * - `serving`: -> `none` when it ended.
 */
export class OwnWorker {
  private worker: Worker | undefined;
  private facts: OwnerFacts | undefined;
  private failure: EngineError | undefined;
  private yieldedAt = -Infinity;
  private readonly events = new Emitter<OwnWorkerEvent>();

  /** Tells when it serves and when it ended. */
  readonly onEvent = this.events.event;

  constructor(
    private readonly options: {
      readonly workerPath: string;
      readonly folder: string;
      readonly wasmPath: string;
      readonly clientId: string;
      readonly log: Log;
    },
  ) {}

  /** How the store is reached while this worker serves it. */
  get serving(): OwnerFacts | undefined {
    return this.facts;
  }

  /** Lets it try for the store unless it runs already. */
  start(mode: WorkerOptions['mode']): void {
    if (this.worker || performance.now() - this.yieldedAt < yieldMs) return;
    const { workerPath, folder, wasmPath, clientId } = this.options;
    const workerData: WorkerOptions = { folder, wasmPath, clientId, mode };
    const worker = new Worker(workerPath, { workerData, name: 'cachify-store' });
    this.worker = worker;
    this.failure = undefined;
    worker.on('message', (message: HostMessage) => this.receive(message));
    worker.on('error', (thrown: unknown) => (this.failure = crashed(thrown)));
    worker.on('exit', () => this.ended());
  }

  /** Ends it, with the store free for others; resolves when it is gone. */
  async stop(): Promise<void> {
    const { worker } = this;
    if (!worker) return;
    const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage({ kind: 'stop' });
    const impatient = setTimeout(() => void worker.terminate(), 5000);
    await gone;
    clearTimeout(impatient);
  }

  private receive(message: HostMessage): void {
    switch (message.kind) {
      case 'log':
        this.options.log[message.level](message.message, message.fields);
        break;
      case 'serving':
        this.facts = message.facts;
        this.events.fire(message);
        break;
      case 'ended':
        if (message.why === 'yielded') this.yieldedAt = performance.now();
        if (message.error) this.failure = receiveError(message.error);
        break;
    }
  }

  /** One that failed, or was ended because it did not answer, may have left it. */
  private freeLock(): void {
    const { clientId, folder, log } = this.options;
    try {
      removeLockOf(clientId, { files: nodeFiles, folder, token: systemRandom.id() });
    } catch (thrown) {
      log.warn('The store lock could not be released', { error: toError(thrown).message });
    }
  }

  private ended(): void {
    this.freeLock();
    this.worker = undefined;
    this.facts = undefined;
    if (this.failure) this.options.log.error('The store worker ended', { error: this.failure.message });
    this.events.fire({ kind: 'ended', ...(this.failure && { failure: this.failure }) });
  }
}

function crashed(thrown: unknown): EngineError {
  const text = `The store worker failed: ${toError(thrown).message}`;
  return new EngineError('INTERNAL_ERROR', 'store-stopped', text, { retryable: true, cause: thrown });
}
