import { EngineError, toError } from '../../engine/kernel/errors';
import type { Clock } from '../../engine/kernel/ports';
import { checkpoint, dropSpare } from './checkpoint';
import { CheckpointPlan } from './checkpointPlan';
import { type ReceivedGroup, type WritableStore, commitGroups } from './commitGroups';
import { largestMessage } from './frames';
import { type OpenOptions, type OpenStoreFiles, openAsOwner, openAsReader } from './openStoreFiles';
import { type Ownership, stillHolds } from './ownership';
import { ResendWindow } from './resendWindow';
import type { Reserve } from './reserve';
import { RollUp } from './rollUp';
import type { Sqlite } from './sqlite';
import type { SqlValue } from './statement';
import { isFullDisk, ownedElsewhere } from './storeErrors';
import type { UpkeepAct, UpkeepResults } from './storeMessages';
import { type CoreStatus, isDamaged } from './storeStatus';
import type { Timers } from './timers';
import { type UpkeepPorts, fileBytes, upkeepActs } from './upkeep';
import type { RunUpkeepJob } from './upkeepJobs';

type State = CoreStatus['state'];

/** Journals found at opening from which on they are folded into a snapshot at once. */
const manyJournals = 16;

const exits: Readonly<Record<State, readonly State[]>> = {
  closed: ['owner', 'frozen'],
  owner: ['lost', 'closed'],
  frozen: ['closed'],
  lost: ['closed'],
};

/** What the core needs of the outside. */
export interface StoreCoreOptions extends OpenOptions {
  /** Held already when the store is opened to be written to. */
  readonly ownership: Ownership;
  readonly reserve: Reserve;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Works on copies of the database. */
  readonly runJob: RunUpkeepJob;
  /** Called once, when the store turns out to be another window's. */
  readonly onLost: () => void;
}

/**
 * The store itself: one database in memory, and its files. Runs in the worker of the window that owns it.
 *
 * States and exits:
 * - `closed`: nothing is loaded. -> `owner` or `frozen` by `open`.
 * - `owner`: holds the lock, writes. -> `lost` when the lock turns out to be another's, -> `closed`.
 * - `frozen`: readable only, because the files are newer than this code, or could not be upgraded, or another window
 *   of another build writes. -> `closed`.
 * - `lost`: another window owns the store: nothing is answered any more. -> `closed`.
 */
export class StoreCore {
  private state: State = 'closed';
  private opened: OpenStoreFiles | undefined;
  private readonly plan: CheckpointPlan;
  private checkpointFailure: string | undefined;
  private saveFailure: string | undefined;
  private rollUp: RollUp | undefined;
  private measured: { readonly at: string; readonly bytes: UpkeepResults['tableBytes'] } | undefined;
  private readonly resends: ResendWindow;
  private refused = 0;

  constructor(private readonly options: StoreCoreOptions) {
    this.resends = new ResendWindow(options.clock);
    this.plan = new CheckpointPlan(options.timers, () => void this.checkpoint());
  }

  /** Loads the store to write to it, which takes the lock; `frozen` when the files do not allow that. */
  open(): void {
    const opened = openAsOwner({ ...this.options, beat: this.showLife }, this.options.clock.now());
    this.opened = opened;
    this.reportDamage(opened);
    this.transition(opened.frozen ? 'frozen' : 'owner');
    if (!opened.journal) return;
    // After an upgrade, a loss or many short-lived owners the files are put in order soon, so that each start need not.
    const { loaded, backup, journal, database } = opened;
    this.plan.weigh(fileBytes(database));
    const isUntidy = isDamaged(loaded.damage) || loaded.journals.length > manyJournals;
    if (backup !== undefined) this.plan.consider(journal.size, 'now');
    else this.plan.consider(journal.size, isUntidy ? 'soon' : undefined);
  }

  /** Loads the store as the files are now, to be read only; `because` is what writes are refused with. */
  openReadOnly(because: EngineError): void {
    this.opened = { ...openAsReader(this.options), frozen: because };
    this.transition('frozen');
  }

  /**
   * Makes groups durable together; returns for each of their transactions what refused it, or undefined. Nothing is
   * returned for a store that turned out to be another window's: whether that one has them is for it to tell.
   */
  write(groups: readonly ReceivedGroup[], frees = false): (EngineError | undefined)[] | undefined {
    try {
      const refusals = this.commit(groups, frees);
      this.saveFailure = undefined;
      return refusals;
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
      this.saveFailure = thrown.message;
      if (thrown.reason === 'store-owned-elsewhere') {
        this.lose();
        return undefined;
      }
      return groups.flatMap(({ transactions }) => transactions.map(() => thrown));
    }
  }

  /** Does what no answer has to wait for; to be called when they were given. */
  settle(): void {
    this.opened?.database.settle();
  }

  /** Rows of a query, by which nothing can be changed. */
  read(sql: string, params: readonly SqlValue[]): SqlValue[][] {
    const { database } = this.loaded();
    this.rollUp?.foldFor(sql);
    return database.queryOnly(sql, params, largestMessage);
  }

  /** Looks whether what it would answer still holds: a former owner that wakes up must not tell what was. */
  isCurrent(): boolean {
    if (this.state !== 'owner' || stillHolds(this.options.ownership)) return this.state !== 'lost';
    this.lose();
    return false;
  }

  /** Whether it still is the owner, and tells the other windows so; called now and then. */
  beat(): void {
    if (this.state !== 'owner') return;
    this.resends.look();
    try {
      if (this.options.ownership.renew()) this.keepUp();
      else this.lose();
    } catch (thrown) {
      this.options.log.warn('The store lock could not be renewed', { error: toError(thrown).message });
    }
  }

  private keepUp(): void {
    this.opened?.journal?.noteReached();
    this.options.reserve.fill();
  }

  /** Work on the database as a whole, in steps that let other requests pass by `defer`. */
  async upkeep<A extends UpkeepAct>(act: A, defer: (work: () => void) => void): Promise<UpkeepResults[A]> {
    const { database } = this.loaded();
    this.rollUp?.fold();
    const breathe = async (): Promise<void> => {
      await new Promise<void>((resolve) => defer(resolve));
      this.beat();
      this.loaded();
      this.rollUp?.fold();
    };
    const remembered: UpkeepPorts['remembered'] = (measure) => this.remembered(measure);
    return upkeepActs[act]({
      ...this.options,
      database,
      breathe,
      remembered,
      save: () => this.saveTwice(),
    });
  }

  /** Measuring takes the whole database, so it is done once for each state of it. */
  private async remembered(
    measure: () => Promise<UpkeepResults['tableBytes']>,
  ): Promise<UpkeepResults['tableBytes']> {
    const { journal, loaded } = this.loaded();
    const at = `${journal?.currentGeneration ?? loaded.nextGeneration}/${journal?.size ?? 0}`;
    if (this.measured?.at === at) return this.measured.bytes;
    const bytes = await measure();
    this.measured = { at, bytes };
    return bytes;
  }

  /** Why it cannot be written to although it is open; undefined when it can. */
  get frozenBecause(): EngineError | undefined {
    return this.opened?.frozen;
  }

  /** Writes it refused because it may only be read, since `couldBeUpgraded` was asked last. */
  get refusedWrites(): number {
    return this.refused;
  }

  /** Whether files that could not be upgraded could be now: tried in memory, which takes as long as opening them. */
  couldBeUpgraded(): boolean {
    this.refused = 0;
    try {
      openAsReader(this.options).database.close();
      return true;
    } catch (thrown) {
      this.options.log.debug('The store still cannot be upgraded', { error: toError(thrown).message });
      return false;
    }
  }

  status(): CoreStatus {
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
      ...(this.saveFailure !== undefined && !frozen && { saveFailure: this.saveFailure }),
      ...(frozen && { frozenBecause: frozen.message, frozenReason: frozen.reason }),
    };
  }

  /** Frees everything. What was acknowledged is on the disk already, so there is nothing to save. */
  close(): void {
    if (this.state === 'closed') return;
    if (this.opened) this.transition('closed');
    this.plan.dispose();
    this.opened?.journal?.rotate();
    this.opened?.database.close();
    this.opened = undefined;
    this.rollUp = undefined;
    this.measured = undefined;
  }

  /** Whoever waits for this window to hang must see that long work goes on; that it lost the lock it finds out itself. */
  private readonly showLife = (): void => {
    if (this.state === 'frozen') return;
    try {
      this.options.ownership.renew();
    } catch {
      // The next heartbeat says so, should it go on.
    }
  };

  private transition(next: State): void {
    if (!exits[this.state].includes(next))
      throw new Error(`The store cannot go from ${this.state} to ${next}`);
    this.state = next;
  }

  private commit(groups: readonly ReceivedGroup[], frees: boolean): (EngineError | undefined)[] {
    const store = this.writable();
    this.resends.look();
    let refusals: (EngineError | undefined)[];
    try {
      refusals = commitGroups(store, groups);
    } catch (thrown) {
      // What frees room gets the room kept for it; anything else waits until there is some.
      const hasRoomNow =
        frees && isRefusal(thrown) && thrown.reason === 'store-full' && this.options.reserve.give();
      if (!hasRoomNow) throw thrown;
      refusals = commitGroups(store, groups);
    }
    this.plan.consider(store.journal.size);
    return refusals;
  }

  /** Does nothing in a store that was closed or lost already, and is only asked late. */
  private lose(): void {
    if (this.state !== 'owner') return;
    this.transition('lost');
    this.plan.dispose();
    this.options.log.warn('Another window took the store over');
    this.options.onLost();
  }

  /** The snapshot before the newest is kept, so what was purged is gone from the disk after two; false when it is not. */
  private saveTwice(): boolean {
    const { journal } = this.writable();
    const isSaved = this.checkpoint();
    // Saving takes long enough to lose the store in it: the next journal would be in the way of the next owner.
    if (!this.isCurrent()) throw ownedElsewhere('not applied');
    if (!isSaved) return false;
    journal.append([], 0);
    return this.checkpoint();
  }

  /** False when it could not be made. */
  private checkpoint(): boolean {
    const { files, folder, ownership, reserve, log } = this.options;
    const { database, journal, loaded } = this.loaded();
    if (!journal) return false;
    try {
      if (!ownership.holds()) {
        this.lose();
        return false;
      }
      this.rollUp?.fold();
      const { applied } = loaded;
      const store = { files, folder, database, journal, applied, beat: this.showLife };
      const forgetBefore = this.resends.forgetBefore();
      withRoom(() => checkpoint(store, forgetBefore), [() => reserve.give(), () => dropSpare(files, folder)]);
      this.checkpointFailure = undefined;
      this.plan.weigh(fileBytes(database));
      this.plan.succeeded();
      return true;
    } catch (thrown) {
      this.checkpointFailure = toError(thrown).message;
      this.plan.failed(journal.size);
      log.warn('The store could not make a checkpoint', { error: this.checkpointFailure });
      return false;
    }
  }

  private reportDamage({ loaded, setAside }: OpenStoreFiles): void {
    if (!isDamaged(loaded.damage)) return;
    this.options.log.error('Parts of the store could not be read', {
      ...loaded.damage,
      keptIn: setAside.join(', '),
    });
  }

  private loaded(): OpenStoreFiles {
    if (this.opened && this.state !== 'lost') return this.opened;
    throw ownedElsewhere('not applied');
  }

  private rollUpOf(database: Sqlite): RollUp {
    this.rollUp ??= new RollUp(database);
    return this.rollUp;
  }

  private writable(): WritableStore {
    const { database, journal, loaded, frozen } = this.loaded();
    if (frozen) this.refused++;
    if (frozen) throw frozen;
    if (!journal) throw ownedElsewhere('not applied');
    const { applied } = loaded;
    return { database, journal, applied, rollUp: this.rollUpOf(database), ownership: this.options.ownership };
  }
}

/** Saves; on a full disk again after each maker of room that made some. */
function withRoom(save: () => void, makers: readonly (() => boolean)[]): void {
  try {
    save();
  } catch (thrown) {
    const made = isFullDisk(thrown) ? makers.findIndex((make) => make()) : -1;
    if (made < 0) throw thrown;
    withRoom(save, makers.slice(made + 1));
  }
}

function isRefusal(thrown: unknown): thrown is EngineError {
  return thrown instanceof EngineError;
}
