import { dirname, join } from 'node:path';
import type { Random } from '../../engine/kernel/ports';
import { fileFailure } from './storeErrors';
import { type PayloadFiles, unlessMissing } from './payloadFiles';

const shardPattern = /^[0-9a-f]{2}$/;
const namePattern = /^([0-9a-f]{64})(?:\.[0-9a-f-]+\.(tmp|removed))?$/;

const removing = 'Removing content that is not kept any more';

/** A file below the folder of payloads. */
export interface PayloadFile {
  readonly path: string;
  readonly hash: string;
  /** A payload; one that is being written or whose writing was cut off; one that is being removed. */
  readonly kind: 'whole' | 'temporary' | 'removed';
}

/** The files of payloads: `payloads/<first two of the hash>/<hash>`. */
export class PayloadFolder {
  constructor(
    private readonly storeFolder: string,
    private readonly files: PayloadFiles,
    private readonly random: Random,
  ) {}

  /** The file of a payload. */
  pathOf(hash: string): string {
    return join(this.folder, hash.slice(0, 2), hash);
  }

  /** The bytes of a payload's file; undefined when it is missing. */
  read(hash: string): Promise<Uint8Array | undefined> {
    return this.attempt('Reading kept content', () =>
      unlessMissing<Uint8Array | undefined>(() => this.files.read(this.pathOf(hash)), undefined),
    );
  }

  /** Size and time of a payload's file; undefined when it is missing. */
  facts(hash: string): ReturnType<PayloadFiles['facts']> {
    return this.factsAt(this.pathOf(hash));
  }

  /** Size and time of any file; undefined when it is missing. */
  factsAt(path: string): ReturnType<PayloadFiles['facts']> {
    return this.attempt('Looking for kept content', () => this.files.facts(path));
  }

  /** Writes a payload's file so that its name never stands for a part; resolves when it survives a crash. */
  write(hash: string, parts: AsyncIterable<Uint8Array>): Promise<void> {
    return this.attempt('Keeping content', async () => {
      const path = this.pathOf(hash);
      await this.makeShard(dirname(path));
      const temporary = this.beside(path, 'tmp');
      try {
        await this.writeNew(temporary, parts);
        await this.files.rename(temporary, path);
      } catch (thrown) {
        // What is left of it the sweep removes.
        await this.files.remove(temporary).catch(() => undefined);
        throw thrown;
      }
      await this.files.syncFolder(dirname(path));
    });
  }

  /**
   * Removes a payload's file unless `isNeeded` says otherwise once it is out of the way. A window that counted on the
   * file until then finds it gone after it has saved the row, and writes it again; one that has saved its row before
   * is seen by `isNeeded`. Asking first and removing then would lose the file of a row saved in between.
   */
  async remove(hash: string, isNeeded: () => Promise<boolean>): Promise<boolean> {
    if (await isNeeded()) return false;
    const path = this.pathOf(hash);
    const aside = this.beside(path, 'removed');
    const wasThere = await this.attempt(removing, () =>
      unlessMissing(async () => {
        await this.files.rename(path, aside);
        return true;
      }, false),
    );
    return wasThere && (await this.finishRemoval({ path: aside, hash, kind: 'removed' }, isNeeded));
  }

  /** Ends a removal, perhaps one that was cut off; true when the file is gone, false when it is needed after all. */
  async finishRemoval({ path, hash }: PayloadFile, isNeeded: () => Promise<boolean>): Promise<boolean> {
    if (!(await isNeeded())) {
      await this.discard(path);
      return true;
    }
    // Either file has this content: whoever needs it wrote it anew, or finds this one again.
    await this.attempt('Keeping content', async () => {
      await unlessMissing(() => this.files.rename(path, this.pathOf(hash)), undefined);
      await this.files.syncFolder(dirname(path));
    });
    return false;
  }

  /** Removes a file that nobody counts on. */
  async discard(path: string): Promise<void> {
    await this.attempt(removing, () => unlessMissing(() => this.files.remove(path), undefined));
  }

  /** All files; names that are not ours are passed over. */
  list(): Promise<PayloadFile[]> {
    return this.attempt('Looking for kept content', async () => {
      const found: PayloadFile[] = [];
      for (const shard of await this.files.list(this.folder)) {
        if (!shardPattern.test(shard)) continue;
        const folder = join(this.folder, shard);
        for (const name of await this.files.list(folder)) found.push(...fileOf(folder, name));
      }
      return found;
    });
  }

  private get folder(): string {
    return join(this.storeFolder, 'payloads');
  }

  private beside(path: string, ending: 'tmp' | 'removed'): string {
    return `${path}.${this.random.id()}.${ending}`;
  }

  private async makeShard(shard: string): Promise<void> {
    if (await this.files.makeFolder(this.folder)) await this.files.syncFolder(this.storeFolder);
    if (await this.files.makeFolder(shard)) await this.files.syncFolder(this.folder);
  }

  private async writeNew(path: string, parts: AsyncIterable<Uint8Array>): Promise<void> {
    const file = await this.files.create(path);
    try {
      for await (const part of parts) await file.write(part);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  private async attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      throw fileFailure(what, thrown);
    }
  }
}

function fileOf(folder: string, name: string): PayloadFile[] {
  const [, hash, ending] = namePattern.exec(name) ?? [];
  if (hash === undefined) return [];
  const kind = ending === undefined ? 'whole' : ending === 'tmp' ? 'temporary' : 'removed';
  return [{ path: join(folder, name), hash, kind }];
}
