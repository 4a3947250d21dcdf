import { join } from 'node:path';
import { type EngineError, toEngineError, toError } from '../../engine/kernel/errors';
import type { Disposable } from '../../engine/kernel/lifetime';
import type { Clock, Log, Random } from '../../engine/kernel/ports';
import { sendError } from '../../engine/kernel/sentError';
import { Healing } from './healing';
import type { HostMessage, WorkerOptions } from './hostMessages';
import { LockFile, type ProcessFacts } from './lockFile';
import { latestVersion } from './migrate';
import { type OwnerFacts, publishOwner, readOwner } from './ownerFile';
import { Reserve } from './reserve';
import type { Migration } from './schema/migration';
import { SocketServer } from './socketServer';
import type { OpenDatabase } from './sqlite';
import {
  addressElsewhere,
  clearElsewhere,
  freshAddress,
  isAddressThere,
  isSocketName,
  leaveAddress,
} from './storeAddress';
import { StoreCore } from './storeCore';
import { fileFailure, mayPass, otherVersion } from './storeErrors';
import { type StoreFiles, errorNumber, isMissing } from './storeFiles';
import { StoreServer } from './storeServer';
import type { StoreStatus } from './storeStatus';
import type { Timers } from './timers';
import type { RunUpkeepJob } from './upkeepJobs';

/** Milliseconds. */
const limits = {
  /** How often a candidate tries for the lock. */
  poll: 100,
  /** How often the owner says that it lives, and looks whether it still is the owner. */
  heartbeat: 2000,
};

type State = 'idle' | 'waiting' | 'opening' | 'serving' | 'ended';
type Why = Extract<HostMessage, { kind: 'ended' }>['why'];

const exits: Readonly<Record<State, readonly State[]>> = {
  idle: ['waiting', 'opening', 'ended'],
  waiting: ['opening', 'ended'],
  opening: ['serving', 'ended'],
  serving: ['ended'],
  ended: [],
};

/** What a host needs of the outside. */
export interface StoreHostOptions {
  readonly files: StoreFiles;
  readonly folder: string;
  readonly clientId: string;
  readonly mode: WorkerOptions['mode'];
  readonly loadSqlite: () => Promise<OpenDatabase>;
  readonly migrations: readonly Migration[];
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly process: ProcessFacts;
  readonly log: Log;
  readonly tell: (message: HostMessage) => void;
  readonly defer: (work: () => void) => void;
  readonly runJob: RunUpkeepJob;
}

/**
 * One window's part in keeping the store: it wants to own it, and if it does, serves it to all windows. Runs in the
 * window's worker.
 *
 * States and exits:
 * - `idle`: -> `waiting` or, to show the files read-only, `opening` by `start`.
 * - `waiting`: tries for the lock. -> `opening` when it gets it.
 * - `opening`: loads the files, listens, says where. -> `serving`.
 * - `serving`: answers. An owner shows that it lives; one that may not write watches for an owner that may.
 *   -> `ended` when it is not the owner any more.
 * - `ended`: every state leads here by `stop` or a failure. The lock is free, the files are closed, clients were
 *   hung up on.
 */
export class StoreHost {
  private state: State = 'idle';
  private readonly lock: LockFile;
  private readonly reserve: Reserve;
  private core: StoreCore | undefined;
  private server: SocketServer | undefined;
  private requests: StoreServer | undefined;
  private facts: OwnerFacts | undefined;
  private tick: Disposable | undefined;

  constructor(private readonly options: StoreHostOptions) {
    this.lock = new LockFile(options);
    this.reserve = new Reserve(options);
  }

  start(): void {
    if (this.options.mode === 'reader') {
      void this.open(otherVersion());
      return;
    }
    this.transition('waiting');
    this.tryForLock();
  }

  stop(): void {
    this.end('stopped');
  }

  private transition(next: State): void {
    if (!exits[this.state].includes(next))
      throw new Error(`A store host cannot go from ${this.state} to ${next}`);
    this.state = next;
    this.tick?.dispose();
    this.tick = undefined;
  }

  private after(ms: number, work: () => void): void {
    this.tick = this.options.timers.after(ms, () => {
      try {
        work();
      } catch (thrown) {
        this.fail(thrown);
      }
    });
  }

  private tryForLock(): void {
    const { files, folder } = this.options;
    try {
      files.makeFolder(folder);
      if (this.lock.tryAcquire()) void this.open();
      else this.after(limits.poll, () => this.tryForLock());
    } catch (thrown) {
      this.withoutLock(fileFailure('Taking the store over', thrown));
    }
  }

  /**
   * A full disk has no room for a lock, and a folder may not be written: the room held in reserve is given up, or the
   * store is shown read-only.
   */
  private withoutLock(error: EngineError): void {
    if (error.reason === 'store-full' && this.reserve.give()) this.tryForLock();
    else if (mayPass(error)) void this.open(error);
    else this.fail(error);
  }

  /** Opens the store, to be read only when there is a reason for that. */
  private async open(readOnlyBecause?: EngineError): Promise<void> {
    this.transition('opening');
    try {
      const openDatabase = await this.options.loadSqlite();
      if (this.isEnded()) return;
      const core = this.makeCore(openDatabase);
      this.core = core;
      if (readOnlyBecause) core.openReadOnly(readOnlyBecause);
      else core.open();
      await this.serve(core);
    } catch (thrown) {
      // That there is no store to show says less than why none could be made.
      this.fail(isMissing(thrown) ? (readOnlyBecause ?? thrown) : thrown);
    }
  }

  /** Without it other windows do not find the owner, but its own does, and can make room: so it is tried again later. */
  private publish(facts: OwnerFacts): void {
    const { files, folder, log } = this.options;
    try {
      if (readOwner(files, folder)?.key !== facts.key) publishOwner(files, folder, facts);
    } catch (thrown) {
      const error = fileFailure('Saying who owns the store', thrown);
      log.warn('Other windows cannot find the owner of the store', { error: error.message });
      if (error.reason === 'store-full' && this.reserve.give()) this.publish(facts);
    }
  }

  private makeCore(openDatabase: OpenDatabase): StoreCore {
    const { options, lock, reserve } = this;
    return new StoreCore({
      ...options,
      openDatabase,
      ownership: lock,
      reserve,
      onLost: () => this.end('lost'),
    });
  }

  private async serve(core: StoreCore): Promise<void> {
    const isOwner = core.status().state === 'owner';
    // Whoever can write these files may own them.
    if (!isOwner) this.lock.release();
    // Opening takes long where the store is large and the disk slow: another window may have lost patience.
    else if (!this.lock.renew()) {
      this.end('lost');
      return;
    }
    if (isOwner) this.clearAddresses();
    const introduced = this.introduce();
    const server = this.makeServer(core, introduced);
    this.server = server;
    const facts = { ...introduced, address: await this.listen(server, introduced.address) };
    if (this.isEnded()) {
      await server.close();
      leaveAddress(this.options.folder, facts.address);
      return;
    }
    this.facts = facts;
    if (isOwner) this.publish(facts);
    this.transition('serving');
    this.options.tell({ kind: 'serving', facts });
    if (isOwner) this.beat();
    else this.watch(core);
  }

  private introduce(): OwnerFacts {
    const { files, folder, random, process, clock } = this.options;
    return {
      epoch: (readOwner(files, folder)?.epoch ?? 0) + 1,
      address: freshAddress(folder, random.id(), process.pid),
      key: random.id() + random.id(),
      pid: process.pid,
      host: process.host,
      since: clock.now(),
    };
  }

  /** Only an owner may: one of them may be the owner's. Those of earlier owners are in nobody's way: what cannot be removed stays. */
  private clearAddresses(): void {
    const { files, folder, process, log } = this.options;
    try {
      for (const name of files.list(folder)) if (isSocketName(name)) files.removeIfThere(join(folder, name));
      clearElsewhere(folder, (pid) => process.isAlive(pid));
    } catch (thrown) {
      log.debug('Sockets of earlier owners could not be removed', { error: toEngineError(thrown).message });
    }
  }

  /** Returns where it listens: elsewhere, when the folder cannot take a socket, as on many network drives. */
  private async listen(server: SocketServer, address: string): Promise<string> {
    try {
      await server.listen(address);
      return address;
    } catch (thrown) {
      const { folder, random, process, log } = this.options;
      const elsewhere = addressElsewhere(folder, random.id(), process.pid);
      log.info('The socket of the store lies outside its folder', { because: toError(thrown).message });
      await server.listen(elsewhere);
      return elsewhere;
    }
  }

  private makeServer(core: StoreCore, facts: OwnerFacts): SocketServer {
    const { defer, timers, log, migrations } = this.options;
    const { epoch, key } = facts;
    const status = (clients: number): StoreStatus => ({
      ...core.status(),
      epoch,
      owner: { pid: facts.pid, host: facts.host, since: facts.since, clients },
    });
    const requests = new StoreServer(core, { epoch, defer, timers, status });
    this.requests = requests;
    const owner = { key, epoch, schema: latestVersion(migrations) };
    return new SocketServer({ requests, owner, timers, log, onYield: () => this.end('yielded') });
  }

  /** Says that it lives; also says again how it is reached, should a former owner that woke up have said otherwise. */
  private beat(): void {
    this.after(limits.heartbeat, () => {
      this.core?.beat();
      if (this.state !== 'serving' || !this.facts) return;
      this.publish(this.facts);
      // A former owner that woke up, or who clears temporary folders, took the socket: nobody new could come in.
      if (isAddressThere(this.options.files, this.facts.address)) this.beat();
      else this.end('lost');
    });
  }

  /** One that may not write makes way for an owner that may: another, or itself when what kept it from writing is over. */
  private watch(core: StoreCore): void {
    const { files, folder, mode } = this.options;
    const before = readOwner(files, folder)?.key;
    const healing = new Healing({ ...this.options, core });
    const isOver = (): boolean => readOwner(files, folder)?.key !== before || healing.isOver();
    const look = (): void =>
      this.after(limits.heartbeat, () => {
        if (mode === 'candidate' && isOver()) this.end('lost');
        else look();
      });
    look();
  }

  private fail(thrown: unknown): void {
    const isOfSystem = errorNumber(thrown) !== undefined;
    this.end('failed', isOfSystem ? fileFailure('Opening the store', thrown) : toEngineError(thrown));
  }

  private end(why: Why, error?: EngineError): void {
    if (this.isEnded()) return;
    this.transition('ended');
    void this.free(why, error);
  }

  /** Files are closed before the lock is free, and the lock is free before the clients learn that they need another owner. */
  private async free(why: Why, error: EngineError | undefined): Promise<void> {
    const { log, tell } = this.options;
    try {
      this.requests?.dispose();
      this.core?.close();
      this.lock.release();
    } catch (thrown) {
      // The next owner finds it without heartbeat.
      log.warn('The store lock could not be released', { error: toEngineError(thrown).message });
    }
    await this.server?.close();
    if (this.facts) leaveAddress(this.options.folder, this.facts.address);
    tell({ kind: 'ended', why, ...(error && { error: sendError(error) }) });
  }

  /** Asked after a wait, in which anything may have happened. */
  private isEnded(): boolean {
    return this.state === 'ended';
  }
}
