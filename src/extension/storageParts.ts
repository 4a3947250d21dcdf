import type { Timers } from '../engine/kernel/ports';
import type { HoldStore } from '../engine/retention/holds';
import type { Purges } from '../engine/retention/purge';
import type { Retention } from '../engine/retention/retention';
import type { Storage } from '../engine/retention/storage';
import type { ExportHistory } from './commands/historyFile';

/** What is stored beside the caches: how long it is kept, what holds it, and the store itself. */
export interface StorageParts {
  readonly retention: Retention;
  readonly purges: Purges;
  readonly holds: HoldStore;
  readonly storage: Storage;
  readonly exportHistory: ExportHistory;
  readonly timers: Timers;
}
