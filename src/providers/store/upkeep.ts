import { pageUsage } from './pageUsage';
import { shrinkStep } from './shrink';
import type { Sqlite } from './sqlite';
import type { UpkeepAct, UpkeepResults } from './storeMessages';

/** What work on the database as a whole needs. */
export interface UpkeepPorts {
  readonly database: Sqlite;
  /** Saves the database whole, twice, so that no file is left of what it was before. */
  readonly save: () => void;
  /** Lets other requests pass. Throws when the store is not ours any more. */
  readonly breathe: () => Promise<void>;
}

/** The acts by name; each lets other requests pass between its steps. */
export const upkeepActs: {
  readonly [A in UpkeepAct]: (ports: UpkeepPorts) => Promise<UpkeepResults[A]>;
} = {
  async tableBytes({ database, breathe }) {
    await breathe();
    const bytes = database.export();
    return pageUsage(bytes)?.bytes ?? new Map([['', bytes.length]]);
  },

  async shrink({ database, save, breathe }) {
    const before = fileBytes(database);
    while (shrinkStep(database) > 0) await breathe();
    save();
    return { before, after: fileBytes(database) };
  },
};

function fileBytes(database: Sqlite): number {
  const [pages, size] = [database.query('PRAGMA page_count'), database.query('PRAGMA page_size')];
  return Number(pages[0]?.[0]) * Number(size[0]?.[0]);
}
