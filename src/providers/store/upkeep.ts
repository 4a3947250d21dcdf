import type { Clock, Log } from '../../engine/kernel/ports';
import { backUp } from './backUp';
import type { LoadOptions } from './loadStore';
import { pageUsage } from './pageUsage';
import { shrinkStep } from './shrink';
import type { Sqlite } from './sqlite';
import type { UpkeepAct, UpkeepResults } from './storeMessages';
import { verifyStore } from './verifyStore';

/** What work on the database as a whole needs. */
export interface UpkeepPorts extends LoadOptions {
  readonly database: Sqlite;
  readonly clock: Clock;
  readonly log: Log;
  /** Saves the database whole, twice, so that no file is left of what it was before; false when it could not. */
  readonly save: () => boolean;
  /** What was measured of the database as it is, measured only if it has changed since. */
  readonly remembered: (measure: () => UpkeepResults['tableBytes']) => UpkeepResults['tableBytes'];
  /** Lets other requests pass, and brings what is derived up to date. Throws when the store is not ours any more. */
  readonly breathe: () => Promise<void>;
}

/** The acts by name; each lets other requests pass between its steps. */
export const upkeepActs: {
  readonly [A in UpkeepAct]: (ports: UpkeepPorts) => Promise<UpkeepResults[A]>;
} = {
  async tableBytes({ database, breathe, remembered }) {
    await breathe();
    return remembered(() => {
      const bytes = database.export();
      return pageUsage(bytes)?.bytes ?? new Map([['', bytes.length]]);
    });
  },

  async shrink({ database, save, breathe }) {
    const before = fileBytes(database);
    while (shrinkStep(database) > 0) await breathe();
    const after = fileBytes(database);
    // What is not saved smaller has freed nothing yet.
    return { before, after: save() ? after : before };
  },

  async backUp({ breathe, ...ports }) {
    await breathe();
    return backUp(ports, ports.clock.now());
  },

  verify: (ports) => verifyStore(ports),
};

/** How large the database is as a file. */
export function fileBytes(database: Sqlite): number {
  const [pages, size] = [database.query('PRAGMA page_count'), database.query('PRAGMA page_size')];
  return Number(pages[0]?.[0]) * Number(size[0]?.[0]);
}
