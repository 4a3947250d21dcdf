import { toError } from './errors';

/** A handle to something acquired; `dispose` frees it and may be called more than once. */
export interface Disposable {
  dispose(): unknown;
}

/** Owns handles and frees them last-in first-out, once. A handle added after the end is freed at once. */
export class Lifetime implements Disposable {
  private readonly owned: Disposable[] = [];
  private ended = false;

  /** Takes ownership of `handle` and returns it. */
  own<T extends Disposable>(handle: T): T {
    if (this.ended) void handle.dispose();
    else this.owned.push(handle);
    return handle;
  }

  /** Resolves when every owned handle has been freed; the first failure is thrown after all were tried. */
  async dispose(): Promise<void> {
    this.ended = true;
    let failure: Error | undefined;
    for (let handle = this.owned.pop(); handle; handle = this.owned.pop()) {
      try {
        await handle.dispose();
      } catch (thrown) {
        failure ??= toError(thrown);
      }
    }
    if (failure) throw failure;
  }
}
