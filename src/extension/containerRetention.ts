import { systemClock, systemRandom } from '../engine/kernel/clock';
import { cancelled, toEngineError } from '../engine/kernel/errors';
import type { Disposable, Lifetime } from '../engine/kernel/lifetime';
import type { Log } from '../engine/kernel/ports';
import type { CollectingSwitch } from '../engine/retention/collecting';
import { RetentionEnforcer } from '../engine/retention/enforcer';
import { exportHistory } from '../engine/retention/exportHistory';
import { followRounds } from '../engine/retention/followRounds';
import { ManagedRetention } from '../engine/retention/managedRetention';
import { PurgeRuns } from '../engine/retention/purges';
import type { Store } from '../providers/store/openStore';
import { nodeTimers } from '../providers/store/timers';
import type { StorageNotices } from './storageNotices';
import type { StorageParts } from './storageParts';
import { watchedStorage } from './storeTroubles';

/** Payload files that nothing refers to are looked for this long after the store was first reached, milliseconds. */
const sweepAfterMs = 60_000;

/** Tables whose change tells that retention was decided anew or was at work. */
const retentionTables = ['retention_policies', 'retention_state', 'holds'];

/** What keeps a store within bounds is put together from. */
export interface KeptRetentionPorts {
  readonly store: Store;
  readonly collecting: CollectingSwitch;
  /** Owns what runs. */
  readonly life: Lifetime;
  readonly log: Log;
  readonly notices: StorageNotices;
}

/** Puts together what keeps a store within bounds; nothing runs before the store was first reached. */
export function keepRetention(ports: KeptRetentionPorts): StorageParts {
  const { store, collecting, life, log, notices } = ports;
  const { holds, purgeCounts: counts } = store;
  const upkeep = upkeepOf(store);
  const enforcer = enforcerOf(ports, upkeep);
  const retention = new ManagedRetention({
    store: store.retention,
    counts,
    collecting,
    onEvent: enforcer.onEvent,
    onWritten: (listener) => onTables(store, retentionTables, listener),
    clock: systemClock,
  });
  const purges = new PurgeRuns({
    ...{ store: store.retention, counts, holds, upkeep },
    ...{ clock: systemClock, random: systemRandom },
  });
  life.own(retention);
  life.own(enforcer);
  life.own(enforcer.onEvent((event) => notices.notify(event)));
  life.own(
    followRounds({
      store: store.retention,
      collecting,
      onRound: (listener) => onRound(store, listener),
      log,
    }),
  );
  life.own(onFirstLink(store, () => begin(store, enforcer, life, log)));
  return {
    ...{ retention, purges, holds, timers: nodeTimers },
    storage: watchedStorage(store.storage, notices),
    exportHistory: exportOf(store),
  };
}

/** Payload files go with the rows that named them. */
function upkeepOf({ payloads, upkeep }: Store): Pick<Store['upkeep'], 'shrink'> {
  return {
    shrink: async () => {
      await payloads.sweep();
      return upkeep.shrink();
    },
  };
}

function enforcerOf(
  { store, collecting, log }: KeptRetentionPorts,
  upkeep: Pick<Store['upkeep'], 'shrink'>,
): RetentionEnforcer {
  const { retention, leases, holder } = store;
  return new RetentionEnforcer({
    ...{ store: retention, upkeep, leases, holder, collecting },
    ...{ clock: systemClock, timers: nodeTimers, log },
  });
}

function onTables(store: Store, names: readonly string[], listener: () => void): Disposable {
  return store.onChange(({ tables }) => {
    if (tables.some((table) => names.includes(table))) listener();
  });
}

/** What was written between two owners was not told, so a new link counts as a round too. */
function onRound(store: Store, listener: () => void): Disposable {
  const [link, change] = [store.onLink(listener), onTables(store, ['retention_state'], listener)];
  return {
    dispose: () => {
      link.dispose();
      change.dispose();
    },
  };
}

function exportOf({ history }: Store): StorageParts['exportHistory'] {
  return async ({ write, onProgress, signal }) => {
    const { events, isCancelled } = await exportHistory(history, { write }, onProgress, signal);
    if (isCancelled) throw cancelled('The export');
    return { events };
  };
}

/** What runs in the background begins when the store was first reached, not with the window. */
function begin(store: Store, enforcer: RetentionEnforcer, life: Lifetime, log: Log): void {
  enforcer.start();
  life.own(
    nodeTimers.after(sweepAfterMs, () => {
      store.payloads.sweep().catch((thrown: unknown) => {
        log.warn('Payload files could not be looked through', { error: toEngineError(thrown).message });
      });
    }),
  );
}

function onFirstLink(store: Store, work: () => void): Disposable {
  const listener = store.onLink(() => {
    listener.dispose();
    work();
  });
  return listener;
}
