import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../../src/engine/kernel/errors';
import type { PayloadKey, PayloadKeys } from '../../../src/engine/kernel/payloadKeys';
import { StoredLeases } from '../../../src/providers/store/leaseStore';
import { type PayloadFiles, nodePayloadFiles } from '../../../src/providers/store/payloadFiles';
import { PayloadFolder } from '../../../src/providers/store/payloadFolder';
import { StoredPayloads } from '../../../src/providers/store/payloadStore';
import { type SweepReport, sweepPayloads } from '../../../src/providers/store/payloadSweep';
import type { StoreAccess } from '../../../src/providers/store/storeAccess';
import { systemRandom } from '../../../src/engine/kernel/clock';
import { Crash, type Fault } from './faultyFiles';
import { type FakeTime, keptLog } from './storeFixture';

/** A key as one that was made. */
export function newKey(): PayloadKey {
  return { id: randomBytes(16).toString('hex'), bytes: randomBytes(32) };
}

/** Keys in memory; without one, new content is refused. */
export class MemoryKeys implements PayloadKeys {
  newest: PayloadKey | undefined;
  readonly kept = new Map<string, PayloadKey>();

  constructor(key = newKey()) {
    this.newest = key;
    this.kept.set(key.id, key);
  }

  current(): Promise<PayloadKey> {
    if (this.newest) return Promise.resolve(this.newest);
    return Promise.reject(new EngineError('INTERNAL_ERROR', 'secrets-unavailable', 'There is no key'));
  }

  byId(id: string): Promise<PayloadKey | undefined> {
    return Promise.resolve(this.kept.get(id));
  }
}

/** The disk, with a say in what happens to each operation. After a crash every operation fails. */
export class FaultyPayloadFiles {
  /** Names of the operations so far. */
  readonly done: string[] = [];
  private crashed = false;

  /** Decides the fate of an operation; `count` counts all operations from 1. */
  decide: (operation: string, count: number) => Fault = () => undefined;

  readonly files: PayloadFiles = {
    makeFolder: (folder) => this.run('makeFolder', () => nodePayloadFiles.makeFolder(folder)),
    list: (folder) => this.run('list', () => nodePayloadFiles.list(folder)),
    read: (file) => this.run('read', () => nodePayloadFiles.read(file)),
    facts: (file) => this.run('facts', () => nodePayloadFiles.facts(file)),
    create: async (file) => {
      const made = await this.run('create', () => nodePayloadFiles.create(file));
      return {
        write: (bytes) =>
          this.run(
            'write',
            () => made.write(bytes),
            () => made.write(bytes.subarray(0, bytes.length / 2)),
          ),
        sync: () => this.run('sync', () => made.sync()),
        // Closed in any case, as the end of a process does.
        close: () => made.close(),
      };
    },
    rename: (from, to) => this.run('rename', () => nodePayloadFiles.rename(from, to)),
    remove: (file) => this.run('remove', () => nodePayloadFiles.remove(file)),
    syncFolder: (folder) => this.run('syncFolder', () => nodePayloadFiles.syncFolder(folder)),
  };

  private async run<T>(operation: string, work: () => Promise<T>, half?: () => Promise<void>): Promise<T> {
    if (this.crashed) throw new Crash('The process has ended');
    this.done.push(operation);
    const fault = this.decide(operation, this.done.length);
    if (fault === undefined) return work();
    await half?.();
    this.crashed = fault === 'crash';
    throw fault === 'crash'
      ? new Crash('The process ends')
      : Object.assign(new Error(fault.errno), { code: fault.errno });
  }
}

/** The payloads of one window. */
export interface TestPayloads {
  readonly payloads: StoredPayloads;
  readonly folder: PayloadFolder;
  readonly log: ReturnType<typeof keptLog>;
  readonly sweep: () => Promise<SweepReport | undefined>;
}

/** Makes the payloads of a window in `folder`, as the product wires them. */
export function makePayloads(options: {
  readonly folder: string;
  readonly access: StoreAccess;
  readonly time: FakeTime;
  readonly keys: PayloadKeys;
  readonly files?: PayloadFiles;
  readonly holder?: string;
}): TestPayloads {
  const { access, time, keys, files = nodePayloadFiles, holder = 'window' } = options;
  const log = keptLog();
  const folder = new PayloadFolder(options.folder, files, systemRandom);
  const leases = new StoredLeases(access, time);
  const ports = { access, folder, leases, clock: time, timers: time, log, holder };
  return {
    payloads: new StoredPayloads({ access, folder, keys, clock: time }),
    folder,
    log,
    sweep: () => sweepPayloads(ports),
  };
}

/** Files below a folder, as paths relative to it, sorted. */
export function filesBelow(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => statSync(join(folder, name)).isFile()).sort();
}

/** Whether any file below a folder holds these bytes. */
export function occursIn(folder: string, bytes: Uint8Array): boolean {
  return filesBelow(folder).some((name) => readFileSync(join(folder, name)).includes(Buffer.from(bytes)));
}
