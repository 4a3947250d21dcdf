import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineError } from '../../../src/engine/kernel/errors';
import type { Clock, Log, Random } from '../../../src/engine/kernel/ports';
import { LockFile } from '../../../src/providers/store/lockFile';
import { encodeGroup } from '../../../src/providers/store/journalRecord';
import { migrations } from '../../../src/providers/store/migrations';
import type { Migration } from '../../../src/providers/store/schema/migration';
import { type OpenDatabase, loadSqlite } from '../../../src/providers/store/sqlite';
import type { Statement, Transaction } from '../../../src/providers/store/statement';
import { Reserve } from '../../../src/providers/store/reserve';
import { StoreCore, type StoreCoreOptions } from '../../../src/providers/store/storeCore';
import { ownedElsewhere } from '../../../src/providers/store/storeErrors';
import { type StoreFiles, nodeFiles } from '../../../src/providers/store/storeFiles';
import {
  type RunUpkeepJob,
  type UpkeepJob,
  type UpkeepJobPorts,
  type UpkeepJobResults,
  doUpkeepJob,
} from '../../../src/providers/store/upkeepJobs';
import type { Timers } from '../../../src/providers/store/timers';
import { repositoryRoot } from '../../helpers/repository';

/** SQLite as the tests of this folder load it. */
export const wasmPath = join(repositoryRoot, 'node_modules/sql.js/dist/sql-wasm.wasm');

/** A folder that the returned function removes. */
export function temporaryFolder(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'cachify-store-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Time that passes when the test says so. */
export class FakeTime implements Clock, Timers {
  // Files get the time of the disk, so this clock starts at it.
  private at = Date.now();
  private jumped = 0;
  private due = new Set<{ readonly at: number; readonly work: () => void }>();
  private held = new Set<{ readonly at: number; readonly work: () => void }>();

  now(): number {
    return this.at + this.jumped;
  }

  /** Sets the wall clock this much forward or back; no time passes. */
  jump(ms: number): void {
    this.jumped += ms;
  }

  monotonic(): number {
    return this.at;
  }

  after(ms: number, work: () => void): { dispose(): void } {
    const entry = { at: this.at + ms, work };
    this.due.add(entry);
    return {
      dispose: () => {
        this.due.delete(entry);
        this.held.delete(entry);
      },
    };
  }

  /** Holds back all that is due, as stopping a process does; the returned function lets it go. */
  hold(): () => void {
    this.held = this.due;
    this.due = new Set();
    return () => {
      for (const entry of this.held) this.due.add(entry);
    };
  }

  get waiting(): number {
    return this.due.size;
  }

  /** Lets `ms` pass and runs what falls due, in order. */
  advance(ms: number): void {
    const end = this.at + ms;
    for (;;) {
      const next = [...this.due].sort((a, b) => a.at - b.at).find(({ at }) => at <= end);
      if (!next) break;
      this.due.delete(next);
      this.at = Math.max(this.at, next.at);
      next.work();
    }
    this.at = end;
  }
}

/** A log that keeps what it was told. */
export function keptLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const at =
    (level: string) =>
    (message: string): void =>
      void lines.push(`${level} ${message}`);
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** Ids in order, so that a failing test can be read. */
export function countingRandom(prefix: string): Random {
  let count = 0;
  return { id: () => `${prefix}-${++count}`, next: () => 0.5 };
}

let loaded: Promise<OpenDatabase> | undefined;

/** sql.js, loaded once. */
export function sqlite(): Promise<OpenDatabase> {
  loaded ??= loadSqlite(wasmPath);
  return loaded;
}

/** A store in this thread, with the parts a test wants to hold in hand. */
export interface TestCore {
  readonly core: StoreCore;
  readonly time: FakeTime;
  readonly log: ReturnType<typeof keptLog>;
  /** How often the core said that the store is another window's. */
  readonly losses: () => number;
  readonly lock: LockFile;
}

/** A core that takes the lock before it opens and frees it after it closed, as its host does. */
class HostedCore extends StoreCore {
  constructor(private readonly hosted: StoreCoreOptions) {
    super(hosted);
  }

  override open(): void {
    this.hosted.files.makeFolder(this.hosted.folder);
    if (!this.hosted.ownership.tryAcquire()) throw new Error('The lock is taken');
    super.open();
    if (this.status().state === 'frozen') this.hosted.ownership.release();
  }

  override close(): void {
    super.close();
    try {
      this.hosted.ownership.release();
    } catch (thrown) {
      this.hosted.log.warn(`The store lock could not be released: ${String(thrown)}`);
    }
  }
}

/** Jobs in this thread, on the files and by the clock of the test. */
export function jobsHere(ports: UpkeepJobPorts): RunUpkeepJob {
  return async <J extends UpkeepJob>(job: J) => doUpkeepJob(job, ports) as UpkeepJobResults[J['act']];
}

/** Makes a store; `name` tells the windows of one test apart. */
export async function makeCore(options: {
  readonly folder: string;
  readonly files?: StoreFiles;
  readonly time?: FakeTime;
  readonly name?: string;
  readonly migrations?: readonly Migration[];
  readonly livePids?: ReadonlySet<number>;
  readonly pid?: number;
  readonly runJob?: RunUpkeepJob;
}): Promise<TestCore> {
  const { folder, files = nodeFiles, time = new FakeTime(), name = 'window', pid = 1 } = options;
  const log = keptLog();
  let losses = 0;
  const isAlive = (other: number): boolean => options.livePids?.has(other) ?? true;
  const lock = new LockFile({
    folder,
    clientId: name,
    files,
    clock: time,
    random: countingRandom(name),
    process: { pid, host: 'here', isAlive },
  });
  const openDatabase = await sqlite();
  const steps = options.migrations ?? migrations;
  const core = new HostedCore({
    files,
    folder,
    openDatabase,
    migrations: steps,
    runJob: options.runJob ?? jobsHere({ files, folder, openDatabase, migrations: steps, clock: time, log }),
    ownership: lock,
    reserve: new Reserve({ files, folder, clock: time, log }),
    clock: time,
    timers: time,
    log,
    onLost: () => {
      losses++;
    },
  });
  return { core, time, log, losses: () => losses, lock };
}

let lastId = 0;

/** A transaction with an id of its own. */
export function transaction(...statements: readonly Statement[]): Transaction {
  return { id: `request-${++lastId}`, at: 1_700_000_000_000, statements };
}

/** A transaction that saves a profile row with this id. */
export function saveRow(id: string): Transaction {
  return transaction({
    sql: 'INSERT INTO profiles (id, json, position) VALUES (?, ?, ?)',
    params: [id, '{}', 0],
  });
}

/** Writes transactions as one record; returns for each what refused it: all of them are, without an answer of the core. */
export function write(
  core: StoreCore,
  ...transactions: readonly Transaction[]
): readonly (EngineError | undefined)[] {
  const refusals = core.write([{ transactions, record: encodeGroup(transactions) }]);
  return refusals ?? transactions.map(() => ownedElsewhere('unknown'));
}

/** Ids of the profile rows, sorted. */
export function rowIds(core: StoreCore): unknown[] {
  return core.read('SELECT id FROM profiles ORDER BY id', []).map(([id]) => id);
}
