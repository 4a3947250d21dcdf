import type { Connection } from '../engine/connections/connection';
import type { Connections } from '../engine/connections/connections';
import { toError } from '../engine/kernel/errors';
import type { Disposable } from '../engine/kernel/lifetime';
import type { Log } from '../engine/kernel/ports';

/** A chore that nobody waits for; it ends soon after the signal aborts. */
export interface Chore {
  /** What the log calls it. */
  readonly name: string;
  readonly run: (signal: AbortSignal) => Promise<unknown>;
}

/** Does chores, one after the other, once the first connection of this window stands; a failing one is logged. */
export function afterFirstConnect(
  connections: Pick<Connections, 'onChange'> & { find(id: string): Pick<Connection, 'health'> | undefined },
  log: Log,
  chores: readonly Chore[],
): Disposable {
  const ending = new AbortController();
  let done: Promise<void> | undefined;
  const listener = connections.onChange((id) => {
    if (done || id === undefined || connections.find(id)?.health.state !== 'connected') return;
    done = doAll(chores, log, ending.signal);
    listener.dispose();
  });
  return {
    dispose: () => {
      listener.dispose();
      ending.abort();
      return done;
    },
  };
}

async function doAll(chores: readonly Chore[], log: Log, signal: AbortSignal): Promise<void> {
  for (const { name, run } of chores) {
    if (signal.aborted) return;
    try {
      await run(signal);
    } catch (thrown) {
      log.warn('A chore failed', { chore: name, error: toError(thrown).message });
    }
  }
}
