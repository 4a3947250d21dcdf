import { EngineError, cancelled } from './errors';

/** Limits of a wait: milliseconds, and a signal that ends it early. */
export interface Deadline {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Settles as `work` does, or rejects with TIMEOUT when the time is over or the signal aborts; `onExpired`
 * runs first with that error, to end whatever still hangs. The promise of `work` is then ignored, its late failure included.
 */
export function withDeadline<T>(
  work: Promise<T>,
  limits: Deadline,
  what: string,
  onExpired?: (error: EngineError) => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const expire = (error: EngineError): void => {
      finish();
      onExpired?.(error);
      reject(error);
    };
    const onAbort = (): void => {
      expire(cancelled(what));
    };
    const timer = setTimeout(() => {
      expire(timedOut(what, limits.timeoutMs));
    }, limits.timeoutMs);
    const finish = (): void => {
      clearTimeout(timer);
      limits.signal?.removeEventListener('abort', onAbort);
    };
    work.then(
      (value) => {
        finish();
        resolve(value);
      },
      (thrown: unknown) => {
        finish();
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- passes on what was thrown
        reject(thrown);
      },
    );
    if (limits.signal?.aborted) onAbort();
    else limits.signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** TIMEOUT of a named wait. */
function timedOut(what: string, timeoutMs: number): EngineError {
  return new EngineError('TIMEOUT', 'timeout', `${what} got no answer within ${timeoutMs} ms`, {
    retryable: true,
    details: { timeoutMs },
  });
}

/** Resolves after `ms`, or at once when the signal aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}
