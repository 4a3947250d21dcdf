import { EngineError, toError } from '../../engine/kernel/errors';
import type { Disposable } from '../../engine/kernel/lifetime';
import type { Clock } from '../../engine/kernel/ports';
import { checkpoint } from './checkpoint';
import { type ReceivedGroup, type WritableStore, commitGroups } from './commitGroups';
import { CheckpointPlan } from './checkpointPlan';
import { type OpenOptions, type OpenStoreFiles, openAsOwner, openAsReader } from './openStoreFiles';
import type { Ownership } from './ownership';
import type { SqlValue } from './statement';
import { ownedElsewhere } from './storeErrors';
import type { StoreRole } from './storeMessages';
import { type StoreStatus, isDamaged } from './storeStatus';
import type { Timers } from './timers';

type State = StoreStatus['state'];

const exits: Readonly<Record<State, readonly State[]>> = {
  closed: ['opening'],
  opening: ['owner', 'reader', 'frozen', 'closed'],
  owner: ['reader', 'closed'],
  reader: ['owner', 'frozen', 'closed'],
  frozen: ['closed'],
};

/** Milliseconds. */
const limits = {
  /** How long opening waits for the lock of a window that is just reloading. */
  lockWait: 3000,
  lockPoll: 100,
  takeOver: 2000,
  heartbeat: 5000,
};

/** What the core needs of the outside. */
export interface StoreCoreOptions extends OpenOptions {
  readonly ownership: Ownership;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly onRole: (role: StoreRole) => void;
}

/**
 * The store itself: one database in memory, its files, and the question who may write. Runs in the worker.
 *
 * States and exits:
 * - `closed`: nothing is loaded. -> `opening` by `open`.
 * - `opening`: waits a little for the lock. -> `owner`, `reader`, `frozen` or `closed`.
 * - `owner`: holds the lock, writes. -> `reader` when the lock is lost, -> `closed`.
 * - `reader`: another window owns the store; tries for the lock every 2 s. -> `owner`, `frozen`, `closed`.
 * - `frozen`: readable only, because the files are newer than this code or could not be upgraded. -> `closed`.
 */
export class StoreCore {
  private state: State = 'closed';
  private opened: OpenStoreFiles | undefined;
  private tick: Disposable | undefined;
  private readonly plan: CheckpointPlan;
  private checkpointFailure: string | undefined;

  constructor(private readonly options: StoreCoreOptions) {
    this.plan = new CheckpointPlan(options.timers, () => this.checkpoint());
  }

  /** Resolves when the store can be read; rejects, closed, when it cannot be opened. */
  async open(): Promise<void> {
    this.transition('opening');
    const { files, folder, clock, timers } = this.options;
    try {
      files.makeFolder(folder);
      const started = clock.monotonic();
      while (!this.takeOver()) {
        if (clock.monotonic() - started >= limits.lockWait) {
          this.becomeReader();
          return;
        }
        await new Promise<void>((resolve) => timers.after(limits.lockPoll, resolve));
        if (this.state !== 'opening') return;
      }
    } catch (thrown) {
      this.close();
      throw thrown;
    }
  }

  /** Makes groups durable together; returns for each of their transactions what refused it, or undefined. */
  write(groups: readonly ReceivedGroup[]): (EngineError | undefined)[] {
    try {
      const store = this.writable();
      const refusals = commitGroups(store, groups);
      this.plan.consider(store.journal.size);
      return refusals;
    } catch (thrown) {
      if (!(thrown instanceof EngineError)) throw thrown;
      if (thrown.reason === 'store-owned-elsewhere' && this.state === 'owner') this.stepDown();
      return groups.flatMap(({ transactions }) => transactions.map(() => thrown));
    }
  }

  /** Rows of a query, as far as this window has loaded or written them. */
  read(sql: string, params: readonly SqlValue[]): SqlValue[][] {
    return this.loaded().database.query(sql, params);
  }

  status(): StoreStatus {
    const { database, journal, loaded, setAside, backup, frozen } = this.loaded();
    return {
      state: this.state,
      schemaVersion: database.version,
      generation: journal?.currentGeneration ?? loaded.nextGeneration,
      journalBytes: journal?.size ?? loaded.journalBytes,
      damage: loaded.damage,
      setAside,
      ...(backup !== undefined && { backup }),
      ...(this.checkpointFailure !== undefined && { checkpointFailure: this.checkpointFailure }),
      ...(frozen && { frozenBecause: frozen.message }),
    };
  }

  /** Frees everything. What was acknowledged is on the disk already, so there is nothing to save. */
  close(): void {
    if (this.state === 'closed') return;
    this.transition('closed');
    this.unload();
    this.giveUpLock();
  }

  private transition(next: State): void {
    if (!exits[this.state].includes(next))
      throw new Error(`The store cannot go from ${this.state} to ${next}`);
    this.state = next;
    this.tick?.dispose();
    this.tick = undefined;
    if (next === 'owner') this.every(limits.heartbeat, () => this.heartbeat());
    if (next === 'reader') this.every(limits.takeOver, () => void this.takeOver());
    if (next === 'owner') this.options.onRole('owner');
    if (next === 'reader' || next === 'frozen') this.options.onRole('reader');
  }

  /** Repeats `work` for as long as the state lasts. */
  private every(ms: number, work: () => void): void {
    this.tick = this.options.timers.after(ms, () => {
      const { tick } = this;
      work();
      if (this.tick === tick) this.every(ms, work);
    });
  }

  /** Becomes the owner, or `frozen`, if the lock is free. */
  private takeOver(): boolean {
    const { ownership, clock } = this.options;
    if (!ownership.tryAcquire()) return false;
    this.unload();
    this.opened = openAsOwner(this.options, clock.now());
    this.reportDamage(this.opened);
    if (this.opened.frozen) {
      this.giveUpLock();
      this.transition('frozen');
    } else {
      this.transition('owner');
      this.putInOrder(this.opened);
    }
    return true;
  }

  private becomeReader(): void {
    this.unload();
    this.opened = openAsReader(this.options);
    this.transition('reader');
  }

  private stepDown(): void {
    this.options.log.warn('Another window took the store over');
    this.giveUpLock();
    this.becomeReader();
  }

  private heartbeat(): void {
    try {
      if (this.options.ownership.renew()) return;
    } catch (thrown) {
      this.options.log.warn('The store lock could not be renewed', { error: toError(thrown).message });
      return;
    }
    this.stepDown();
  }

  /** After an upgrade or a loss the files are put in order soon, so that neither is met again at each start. */
  private putInOrder({ journal, loaded, backup }: OpenStoreFiles): void {
    if (!journal) return;
    this.plan.consider(journal.size, backup !== undefined || isDamaged(loaded.damage));
  }

  private checkpoint(): void {
    const { files, folder, clock, ownership, log } = this.options;
    const { database, journal } = this.loaded();
    if (!journal) return;
    try {
      if (!ownership.holds()) {
        this.stepDown();
        return;
      }
      checkpoint({ files, folder, database, journal }, clock.now());
      this.checkpointFailure = undefined;
      this.plan.succeeded();
    } catch (thrown) {
      this.checkpointFailure = toError(thrown).message;
      this.plan.failed(journal.size);
      log.warn('The store could not make a checkpoint', { error: this.checkpointFailure });
    }
  }

  private reportDamage({ loaded, setAside }: OpenStoreFiles): void {
    if (!isDamaged(loaded.damage)) return;
    this.options.log.error('Parts of the store could not be read', {
      ...loaded.damage,
      keptIn: setAside.join(', '),
    });
  }

  private giveUpLock(): void {
    try {
      this.options.ownership.release();
    } catch (thrown) {
      // The next owner finds it without heartbeat.
      this.options.log.warn('The store lock could not be released', { error: toError(thrown).message });
    }
  }

  private unload(): void {
    this.plan.dispose();
    this.opened?.journal?.rotate();
    this.opened?.database.close();
    this.opened = undefined;
  }

  private loaded(): OpenStoreFiles {
    if (this.opened) return this.opened;
    throw new EngineError('INTERNAL_ERROR', 'bug', `The store is ${this.state}`);
  }

  private writable(): WritableStore {
    const { database, journal, frozen } = this.loaded();
    if (frozen) throw frozen;
    if (!journal) throw ownedElsewhere('not applied');
    return { database, journal, ownership: this.options.ownership };
  }
}
