import { join } from 'node:path';
import type { Clock, Random } from '../../engine/kernel/ports';
import type { Ownership } from './ownership';
import { type StoreFiles, isMissing } from './storeFiles';

/** Name of the lock in the store's folder. */
export const lockName = 'store.lock';

/** How long a heartbeat must be seen standing still, milliseconds, until its owner counts as gone. */
const staleAfterMs = 10_000;

/** Looks at that heartbeat it takes as well: a clock that ran on while the machine slept proves nothing. */
const staleAfterLooks = 10;

/** The process this lock is taken for, and how to tell whether another one lives. */
export interface ProcessFacts {
  readonly pid: number;
  readonly host: string;
  isAlive(pid: number): boolean;
}

interface Holder {
  readonly text: string;
  readonly pid?: number;
  readonly host?: string;
  readonly client?: string;
}

interface Heartbeat {
  readonly text: string;
  readonly modifiedAt: number;
  /** When it was first seen so, by this process's steady clock. */
  readonly since: number;
  readonly looks: number;
}

/**
 * Ownership by an exclusive lock file. Its text is unique to each taking, so an owner that was stopped for a while
 * sees by reading it that the lock is no longer its own. A lock is a lease: its owner touches it, and whoever wants
 * it watches whether it is touched. Wall clocks are not compared, so one that jumps takes nothing from anybody.
 *
 * States: `free` (`held` undefined) -> `held` by tryAcquire; `held` -> `free` by release, or when the file turns
 * out to be another's.
 */
export class LockFile implements Ownership {
  private readonly file: string;
  private held: string | undefined;
  private seen: Heartbeat | undefined;

  constructor(
    private readonly options: {
      readonly folder: string;
      /** Stays the same when the client restarts its worker: a lock of that id was left by the worker before. */
      readonly clientId: string;
      readonly files: StoreFiles;
      readonly clock: Clock;
      readonly random: Random;
      readonly process: ProcessFacts;
    },
  ) {
    this.file = join(options.folder, lockName);
  }

  tryAcquire(): boolean {
    const { files, random, process, clientId } = this.options;
    const token = random.id();
    const text = JSON.stringify({ token, pid: process.pid, host: process.host, client: clientId });
    if (!files.createExclusive(this.file, text)) {
      if (!this.evictDead(token) || !files.createExclusive(this.file, text)) return false;
    }
    this.held = text;
    this.seen = undefined;
    return true;
  }

  holds(): boolean {
    if (this.held !== undefined && this.readText() !== this.held) this.held = undefined;
    return this.held !== undefined;
  }

  renew(): boolean {
    if (!this.holds()) return false;
    this.options.files.touch(this.file, this.options.clock.now());
    return true;
  }

  release(): void {
    if (this.holds()) this.options.files.remove(this.file);
    this.held = undefined;
  }

  /**
   * Takes a dead owner's lock away. The rename succeeds for one taker only. Should it have caught the lock of a
   * faster taker instead, that lock is not put back: its owner reads the file before and after each append, finds
   * it gone and acknowledges nothing, whereas putting it back could make it trust a lock that others passed through.
   */
  private evictDead(token: string): boolean {
    const { files } = this.options;
    const holder = this.read();
    if (!holder || !this.isDead(holder)) return false;
    const evicted = `${this.file}.${token}`;
    try {
      files.rename(this.file, evicted);
    } catch (thrown) {
      if (isMissing(thrown)) return false;
      throw thrown;
    }
    const caught = Buffer.from(files.read(evicted)).toString('utf8');
    files.remove(evicted);
    return caught === holder.text;
  }

  private isDead(holder: Holder): boolean {
    const { process, clientId } = this.options;
    if (holder.client === clientId) return true;
    if (holder.host === process.host && holder.pid !== undefined && !process.isAlive(holder.pid)) return true;
    return this.standsStill(holder.text);
  }

  private standsStill(text: string): boolean {
    const now = this.options.clock.monotonic();
    const modifiedAt = this.lastTouched();
    if (modifiedAt === undefined) return false;
    const isSame = this.seen?.text === text && this.seen.modifiedAt === modifiedAt;
    const { since, looks } = isSame && this.seen ? this.seen : { since: now, looks: 0 };
    this.seen = { text, modifiedAt, since, looks: looks + 1 };
    return now - since > staleAfterMs && looks >= staleAfterLooks;
  }

  private lastTouched(): number | undefined {
    try {
      return this.options.files.modifiedAt(this.file);
    } catch (thrown) {
      if (isMissing(thrown)) return undefined;
      throw thrown;
    }
  }

  private read(): Holder | undefined {
    const text = this.readText();
    return text === undefined ? undefined : parseHolder(text);
  }

  private readText(): string | undefined {
    try {
      return Buffer.from(this.options.files.read(this.file)).toString('utf8');
    } catch (thrown) {
      if (isMissing(thrown)) return undefined;
      throw thrown;
    }
  }
}

/**
 * Takes away the lock that a worker left which ended without releasing it, so that no other window has to wait until
 * its heartbeat counts as gone. To be called by the client of that worker, before it starts another.
 */
export function removeLockOf(
  clientId: string,
  { files, folder, token }: { readonly files: StoreFiles; readonly folder: string; readonly token: string },
): void {
  const file = join(folder, lockName);
  const left = `${file}.${token}`;
  try {
    if (parseHolder(Buffer.from(files.read(file)).toString('utf8')).client !== clientId) return;
    files.rename(file, left);
    files.remove(left);
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown;
  }
}

/** A lock that is still being written, or by an unknown version, has only its text and its age. */
function parseHolder(text: string): Holder {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { text };
  }
  if (typeof parsed !== 'object' || parsed === null) return { text };
  const facts = new Map<string, unknown>(Object.entries(parsed));
  const [pid, host, client] = [facts.get('pid'), facts.get('host'), facts.get('client')];
  return {
    text,
    ...(typeof pid === 'number' && { pid }),
    ...(typeof host === 'string' && { host }),
    ...(typeof client === 'string' && { client }),
  };
}
