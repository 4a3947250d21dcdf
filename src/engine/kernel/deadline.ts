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
      forget?.();
    };
    const forget = limits.signal && whenAborted(limits.signal, onAbort);
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
  });
}

interface Waits {
  add(act: () => void): void;
  delete(act: () => void): void;
}

/** The waits on each signal: together they are one listener, however many they are. */
const waits = new WeakMap<AbortSignal, Waits>();

/** Calls `act` once when the signal aborts; gives what takes that back. A signal that has aborted already calls nothing. */
function whenAborted(signal: AbortSignal, act: () => void): () => void {
  const acts = waits.get(signal) ?? listened(signal);
  // by itself each wait counts, also of two with the same act
  const own = (): void => {
    act();
  };
  acts.add(own);
  return () => {
    acts.delete(own);
  };
}

/** Listens to a signal until its last wait is over. */
function listened(signal: AbortSignal): Waits {
  const acts = new Set<() => void>();
  const onAbort = (): void => {
    for (const act of [...acts]) act();
  };
  const own = {
    add(act: () => void) {
      acts.add(act);
    },
    delete(act: () => void) {
      acts.delete(act);
      if (acts.size > 0) return;
      signal.removeEventListener('abort', onAbort);
      waits.delete(signal);
    },
  };
  signal.addEventListener('abort', onAbort, { once: true });
  waits.set(signal, own);
  return own;
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
      forget?.();
      resolve();
    };
    const timer = setTimeout(done, ms);
    const forget = signal && whenAborted(signal, done);
  });
}
