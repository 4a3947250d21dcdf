import { type StoreFiles, nodeFiles } from '../../../src/providers/store/storeFiles';

/** Operations that change the disk, in the order a store may do them. */
type Operation =
  | 'openExclusive'
  | 'openNew'
  | 'openExisting'
  | 'write'
  | 'truncate'
  | 'sync'
  | 'rename'
  | 'remove'
  | 'syncFolder';

/** What happens to an operation: nothing, a system error, or the end of the process at that point. */
export type Fault = { readonly errno: string } | 'crash' | undefined;

/** The process ended here, as far as the test is concerned. */
export class Crash extends Error {}

/** The disk, with a say in what happens to each operation. After a crash every operation fails. */
export class FaultyFiles {
  /** Names of the operations so far, with the file's name where there is one. */
  readonly done: string[] = [];
  private readonly names = new Map<number, string>();
  private crashed = false;

  /** Decides the fate of an operation; `count` counts all operations from 1. */
  decide: (operation: Operation, file: string, count: number) => Fault = () => undefined;

  readonly files: StoreFiles = {
    ...nodeFiles,
    read: (file) => {
      this.alive();
      return nodeFiles.read(file);
    },
    openExclusive: (file) =>
      this.opened(
        file,
        this.run('openExclusive', file, () => nodeFiles.openExclusive(file)),
      ),
    openNew: (file) =>
      this.opened(
        file,
        this.run('openNew', file, () => nodeFiles.openNew(file)),
      ),
    openExisting: (file) =>
      this.opened(
        file,
        this.run('openExisting', file, () => nodeFiles.openExisting(file)),
      ),
    // A write that fails has written half.
    write: (handle, bytes, position) =>
      this.run(
        'write',
        this.names.get(handle) ?? '',
        () => nodeFiles.write(handle, bytes, position),
        () => nodeFiles.write(handle, bytes.subarray(0, bytes.length / 2), position),
      ),
    truncate: (handle, length) =>
      this.run('truncate', this.names.get(handle) ?? '', () => nodeFiles.truncate(handle, length)),
    sync: (handle) => this.run('sync', this.names.get(handle) ?? '', () => nodeFiles.sync(handle)),
    rename: (from, to) => this.run('rename', to, () => nodeFiles.rename(from, to)),
    remove: (file) => this.run('remove', file, () => nodeFiles.remove(file)),
    syncFolder: (folder) => this.run('syncFolder', folder, () => nodeFiles.syncFolder(folder)),
  };

  private opened(file: string, handle: number): number {
    this.names.set(handle, file);
    return handle;
  }

  private alive(): void {
    if (this.crashed) throw new Crash('The process has ended');
  }

  private run<T>(operation: Operation, file: string, work: () => T, before?: () => void): T {
    this.alive();
    this.done.push(operation);
    const fault = this.decide(operation, file, this.done.length);
    if (fault === undefined) return work();
    before?.();
    if (fault === 'crash') {
      this.crashed = true;
      throw new Crash('The process ends');
    }
    throw Object.assign(new Error(fault.errno), { code: fault.errno });
  }
}
