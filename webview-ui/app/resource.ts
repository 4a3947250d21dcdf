import { type ReadonlySignal, signal } from '@preact/signals';
import { type Failure, isCancelled, toFailure } from './failure';

/** One thing read from the host: what is there, whether it is being read, and why that failed. */
export interface Resource<T> {
  readonly data: ReadonlySignal<T | undefined>;
  readonly failure: ReadonlySignal<Failure | undefined>;
  readonly loading: ReadonlySignal<boolean>;
  /** Reads again; what is there stays until the answer comes. A newer call replaces an older one. */
  load(): Promise<void>;
  cancel(): void;
  /** Takes a value that came another way; a read under way is given up. */
  put(value: T | undefined): void;
}

/** A resource that `read` fills. */
export function createResource<T>(read: (signal: AbortSignal) => Promise<T>): Resource<T> {
  const data = signal<T | undefined>(undefined);
  const failure = signal<Failure | undefined>(undefined);
  const loading = signal(false);
  let current: AbortController | undefined;

  const cancel = (): void => {
    current?.abort();
    current = undefined;
    loading.value = false;
  };
  const put = (value: T | undefined): void => {
    cancel();
    failure.value = undefined;
    data.value = value;
  };
  const load = async (): Promise<void> => {
    cancel();
    const own = new AbortController();
    current = own;
    loading.value = true;
    try {
      const value = await read(own.signal);
      if (current === own) put(value);
    } catch (thrown) {
      if (current !== own) return;
      cancel();
      failure.value = isCancelled(thrown) ? undefined : toFailure(thrown);
    }
  };
  return { data, failure, loading, load, cancel, put };
}
