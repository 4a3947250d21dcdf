import { toEngineError, type EngineError } from './errors';
import type { HistoryEvent, HistoryStore } from './history';
import type { Clock, Log, Random } from './ports';

/** What the caller knows of an operation; the rest is filled in. */
export type Operation = Pick<
  HistoryEvent,
  'action' | 'connectionId' | 'namespace' | 'environment' | 'keyOrPattern' | 'details'
>;

/** How an operation ended. */
export interface Ending {
  readonly status: HistoryEvent['status'];
  readonly error?: EngineError;
  readonly attempts?: number;
  readonly details?: HistoryEvent['details'];
}

export interface RecorderPorts {
  readonly history: HistoryStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Whether events are collected now; without room for them they are not, which is told elsewhere. Default: always. */
  readonly isCollecting?: () => boolean;
}

/** Writes one history event an operation. A history that cannot be written never fails the operation: it is logged and told. */
export class Recorder {
  private readonly pending = new Set<Promise<void>>();

  constructor(
    private readonly ports: RecorderPorts,
    private readonly onFailure: (error: EngineError) => void,
  ) {}

  /** Runs `work` and records how it ended; a result may name its own ending. */
  async during<T>(
    operation: Operation,
    work: () => Promise<T>,
    endingOf?: (result: T) => Ending,
  ): Promise<T> {
    const start = this.ports.clock.monotonic();
    let result: T;
    try {
      result = await work();
    } catch (thrown) {
      const error = toEngineError(thrown);
      this.add(operation, { status: 'error', error }, start);
      throw error;
    }
    this.add(operation, endingOf?.(result) ?? { status: 'success' }, start);
    return result;
  }

  /** Records an operation that was refused before it began. */
  blocked(operation: Operation, error: EngineError): void {
    this.add(operation, { status: 'blocked', error }, this.ports.clock.monotonic());
  }

  /** Resolves when everything recorded so far is durable or has been reported as failed. */
  async settled(): Promise<void> {
    await Promise.all(this.pending);
  }

  private add(operation: Operation, ending: Ending, startedAt: number): void {
    const { clock, random } = this.ports;
    const details = { ...operation.details, ...ending.details };
    const id = random.id();
    this.write({
      ...operation,
      id,
      timestamp: clock.now(),
      source: 'app',
      durationMs: Math.max(0, clock.monotonic() - startedAt),
      status: ending.status,
      attempts: ending.attempts ?? 1,
      correlationId: id,
      ...(ending.error && { errorCode: ending.error.code, retryable: ending.error.retryable }),
      ...(Object.keys(details).length > 0 && { details }),
    });
  }

  private write(event: HistoryEvent): void {
    if (this.ports.isCollecting?.() === false) return;
    const done = this.append(event).catch((thrown: unknown) => {
      const error = toEngineError(thrown);
      this.ports.log.error('History event could not be stored', {
        action: event.action,
        code: error.code,
        reason: error.reason,
      });
      this.onFailure(error);
    });
    this.pending.add(done);
    void done.finally(() => this.pending.delete(done));
  }

  /** A store that throws at once is a store that rejects. */
  private async append(event: HistoryEvent): Promise<void> {
    await this.ports.history.append([event]);
  }
}
