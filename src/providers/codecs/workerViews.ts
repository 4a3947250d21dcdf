import { Worker } from 'node:worker_threads';
import { bufferOf } from '../../engine/kernel/bufferOf';
import { withDeadline } from '../../engine/kernel/deadline';
import { EngineError, toEngineError, toError } from '../../engine/kernel/errors';
import type { Disposable } from '../../engine/kernel/lifetime';
import { receiveError, sendError } from '../../engine/kernel/sentError';
import type {
  DecodedValue,
  EncodedValue,
  ValueView,
  ValueViews,
  ViewHints,
} from '../../engine/values/valueViews';
import type { Schema } from './protobufFaces';
import { isOfSchema } from './schemaViews';
import type { SentSchemas, ViewsAnswers, ViewsQuestion, ViewsReply } from './viewsMessages';

/** How long one value may be worked on, milliseconds: what takes longer is shown as it is. */
const defaultLimitMs = 30_000;
/** Most memory of the worker, MiB: several times what the most demanding value within the limits takes. */
const maxHeapMb = 1024;

/** How the worker is started and bounded. */
export interface WorkerViewsOptions {
  readonly workerPath: string;
  /** The Protocol Buffers schemas of the person; read before each act, so that a changed file counts. */
  readonly readSchemas: () => Promise<readonly Schema[]>;
  readonly limitMs?: number;
  readonly heapMb?: number;
}

/**
 * The decoders in a worker thread: whatever a value holds, the thread of the window goes on.
 *
 * States and exits:
 * - `none`: -> `running` with the first question.
 * - `running`: answers one question at a time. -> `none` when a value took too long or too much memory.
 * - `ended`: by `dispose`; whatever is asked rejects.
 */
export class WorkerViews implements ValueViews, Disposable {
  private worker: Worker | undefined;
  private isEnded = false;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: WorkerViewsOptions) {}

  offered(bytes: Buffer, hints: ViewHints): Promise<readonly ValueView[]> {
    return this.ask({ act: 'offered', bytes: copyOf(bytes), hints });
  }

  decode(bytes: Buffer, view: string, hints?: ViewHints): Promise<DecodedValue> {
    return this.ask({ act: 'decode', bytes: copyOf(bytes), view, hints });
  }

  async encode(text: string, view: string, original: Buffer): Promise<EncodedValue> {
    const encoded = await this.ask({ act: 'encode', text, view, original: copyOf(original) });
    return 'bytes' in encoded ? { bytes: bufferOf(encoded.bytes) } : encoded;
  }

  async readableJson(bytes: Buffer): Promise<Buffer | undefined> {
    const laidOut = await this.ask({ act: 'readableJson', bytes: copyOf(bytes) });
    return laidOut && bufferOf(laidOut);
  }

  /** Ends the worker; what was asked and was not answered rejects. */
  async dispose(): Promise<void> {
    this.isEnded = true;
    await this.stop();
  }

  private ask<Q extends ViewsQuestion>(question: Q): Promise<ViewsAnswers[Q['act']]> {
    const answer = this.last.then(() => this.answer(question));
    this.last = answer.catch(() => undefined);
    return answer;
  }

  private async answer<Q extends ViewsQuestion>(question: Q): Promise<ViewsAnswers[Q['act']]> {
    const schemas = await this.schemasFor(question);
    if (this.isEnded) throw ended();
    const worker = (this.worker ??= this.start());
    const reply = replyOf(worker);
    worker.postMessage({ question, schemas });
    const limits = { timeoutMs: this.options.limitMs ?? defaultLimitMs };
    const received = await withDeadline(reply, limits, 'Decoding', () => void this.stop()).catch(
      (thrown: unknown) => {
        throw isTooLate(thrown) ? tooSlow(limits.timeoutMs) : thrown;
      },
    );
    if ('error' in received) throw receiveError(received.error);
    return received.value as ViewsAnswers[Q['act']];
  }

  private async stop(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    await worker?.terminate();
  }

  private start(): Worker {
    const { workerPath, heapMb = maxHeapMb } = this.options;
    const worker = new Worker(workerPath, {
      name: 'cachify-values',
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (this.worker === worker) this.worker = undefined;
    });
    return worker;
  }

  /** Reading files for views that use none would make each act wait. */
  private async schemasFor(question: ViewsQuestion): Promise<SentSchemas> {
    const { act } = question;
    if (act === 'readableJson' || (act !== 'offered' && !isOfSchema(question.view))) return { schemas: [] };
    try {
      return { schemas: await this.options.readSchemas() };
    } catch (thrown) {
      return { problem: sendError(toEngineError(thrown)) };
    }
  }
}

/** The next message of the worker; rejects when it ends without one. */
function replyOf(worker: Worker): Promise<ViewsReply> {
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
    };
    const onMessage = (reply: ViewsReply): void => {
      finish();
      resolve(reply);
    };
    const onError = (thrown: unknown): void => {
      finish();
      reject(failed(thrown));
    };
    const onExit = (): void => {
      finish();
      reject(ended());
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
}

function failed(thrown: unknown): EngineError {
  const error = toError(thrown);
  return 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? unsupported('This value takes too much memory to be decoded: it can be seen as text and in hex')
    : new EngineError('INTERNAL_ERROR', 'bug', `Decoding failed: ${error.message}`, { cause: thrown });
}

function ended(): EngineError {
  return new EngineError('INTERNAL_ERROR', 'cancelled', 'Decoding was ended');
}

function isTooLate(thrown: unknown): boolean {
  return thrown instanceof EngineError && thrown.reason === 'timeout';
}

function tooSlow(limitMs: number): EngineError {
  return unsupported(
    `This value takes longer than ${limitMs / 1000} s to be decoded: it can be seen as text and in hex`,
  );
}

function unsupported(message: string): EngineError {
  return new EngineError('NOT_SUPPORTED', 'unsupported', message);
}

/** Bytes by themselves: sending a part of a buffer would send all of it. */
function copyOf(bytes: Buffer): Uint8Array {
  return new Uint8Array(bytes);
}
