/**
 * What a run has started, ended last in, first out, once. An acquisition under way when the end comes is waited for
 * and then undone: nothing is left behind by a Ctrl-C in the middle.
 */
export class Lifetime {
  #stops = [];
  #pending = new Set();
  #ending;
  #tellEnding;

  /** Whether what the person asked for is there: from then on an end is not a failure. */
  isReady = false;

  /** Resolves when the end begins. */
  whenEnding = new Promise((resolve) => (this.#tellEnding = resolve));

  get isEnding() {
    return this.#ending !== undefined;
  }

  /** Acquires something and keeps how to free it; when the end has begun, nothing is acquired any more. */
  async own(name, acquire, free) {
    if (this.isEnding) throw new Stopped();
    const acquiring = acquire();
    this.#pending.add(acquiring);
    try {
      const acquired = await acquiring;
      this.#stops.push({ name, stop: () => free(acquired) });
      if (this.isEnding) throw new Stopped();
      return acquired;
    } finally {
      this.#pending.delete(acquiring);
    }
  }

  /** Frees everything; what could not be freed is said and does not keep the rest from being freed. */
  end() {
    this.#ending ??= this.#freeAll();
    return this.#ending;
  }

  async #freeAll() {
    this.#tellEnding();
    await Promise.allSettled(this.#pending);
    for (const { name, stop } of this.#stops.reverse()) {
      try {
        await stop();
      } catch (error) {
        console.error(`Could not stop ${name}: ${error instanceof Error ? error.message : String(error)}`);
        process.exitCode = 1;
      }
    }
  }
}

/** The run was ended by a signal while it was getting ready. */
export class Stopped extends Error {
  constructor() {
    super('Stopped');
  }
}
