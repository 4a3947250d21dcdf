import type { Disposable } from '../../engine/kernel/lifetime';
import type { StoreVersion } from './storeMessages';
import type { ServedClient } from './servedClient';
import type { Timers } from './timers';

/** How long changes are gathered before windows are told, milliseconds: a burst of writes is one notice. */
const gatherMs = 50;

/** How long before it is looked again whether a window that does not read does, milliseconds. */
const behindMs = 1000;

interface Gathered {
  readonly tables: Set<string>;
  isOwn: boolean;
}

/** Tells windows which tables were written to since they were told last, and whether all of it was their own. */
export class ChangeNotices implements Disposable {
  private readonly gathered = new Map<ServedClient, Gathered>();
  private timer: Disposable | undefined;
  private later: Disposable | undefined;

  constructor(private readonly options: { readonly timers: Timers; readonly version: () => StoreVersion }) {}

  join(client: ServedClient): void {
    this.gathered.set(client, { tables: new Set(), isOwn: true });
  }

  leave(client: ServedClient): void {
    this.gathered.delete(client);
  }

  get clients(): number {
    return this.gathered.size;
  }

  /** `writers`: the clients whose requests wrote to these tables. */
  add(tables: readonly string[], writers: ReadonlySet<ServedClient>): void {
    for (const [client, each] of this.gathered) {
      for (const table of tables) each.tables.add(table);
      each.isOwn &&= writers.size === 1 && writers.has(client);
    }
    this.timer ??= this.options.timers.after(gatherMs, () => this.tell());
  }

  dispose(): void {
    this.stopTimers();
    this.gathered.clear();
  }

  private stopTimers(): void {
    this.timer?.dispose();
    this.later?.dispose();
    this.timer = undefined;
  }

  private tell(): void {
    this.stopTimers();
    const version = this.options.version();
    for (const [client, { tables, isOwn }] of this.gathered) {
      if (tables.size === 0) continue;
      // A window that was stopped reads nothing, perhaps for days: for it one notice is kept, not each.
      if (client.isBehind) continue;
      client.post({ kind: 'changed', tables: [...tables], version, isOwn });
      this.join(client);
    }
    const isBehind = [...this.gathered.values()].some(({ tables }) => tables.size > 0);
    if (isBehind) this.later = this.options.timers.after(behindMs, () => this.tell());
  }
}
