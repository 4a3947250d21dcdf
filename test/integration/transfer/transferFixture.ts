import { secretRef, type ConnectionProfile, type Engine } from '../../../src/engine/connections/profile';
import { Connections } from '../../../src/engine/connections/connections';
import type { Connection } from '../../../src/engine/connections/connection';
import { SecretResolver } from '../../../src/engine/connections/secretResolver';
import { systemClock, systemRandom } from '../../../src/engine/kernel/clock';
import { keyName, type KeyName } from '../../../src/engine/kernel/keyName';
import { Recorder } from '../../../src/engine/kernel/recorder';
import { WriteGate, type WriteRequest } from '../../../src/engine/keys/guard';
import { exportKeys, type ExportJob } from '../../../src/engine/transfer/exportKeys';
import { linesFormat } from '../../../src/engine/transfer/fileFormat';
import type { ImportJob } from '../../../src/engine/transfer/importJob';
import { importKeys } from '../../../src/engine/transfer/importKeys';
import { keysFile } from '../../../src/engine/transfer/openFile';
import { planImport } from '../../../src/engine/transfer/importPlan';
import { memcachedFactory } from '../../../src/providers/memcached/memcachedProvider';
import { redisFactory } from '../../../src/providers/redis/redisProvider';
import { memoryFile, memorySink } from '../../helpers/memoryFile';
import {
  aProfile,
  keptFor,
  memoryHistory,
  memoryLog,
  memoryProfiles,
  memoryVault,
} from '../../helpers/ports';

/** Two or more connections to real servers, with the gate in front of them. */
export interface Transfers {
  readonly gate: WriteGate;
  readonly history: ReturnType<typeof memoryHistory>;
  connection(id: string): Connection;
  keysOf(id: string, db?: number): Promise<KeyName[]>;
  request(id: string, action: string, changes?: Partial<WriteRequest>): WriteRequest;
  /** The text of an export of everything, or of the keys given. */
  exported(id: string, changes?: Partial<ExportJob>): Promise<string>;
  imported(id: string, text: string | Buffer, changes?: Partial<ImportJob>): ReturnType<typeof importKeys>;
  planned(id: string, text: string | Buffer): ReturnType<typeof planImport>;
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Stands for the installation that exports and imports. */
const sealKey = Buffer.alloc(32, 7);

const factories: Readonly<Record<Engine, () => Promise<typeof redisFactory>>> = {
  redis: () => Promise.resolve(redisFactory),
  memcached: () => Promise.resolve(memcachedFactory),
};

/** Opens it over the servers named, with the passwords of those that need one. */
export async function transfersOver(
  servers: Readonly<Record<string, Partial<ConnectionProfile> & { port: number }>>,
  passwords: Readonly<Record<string, string>> = {},
): Promise<Transfers> {
  const log = memoryLog();
  const profiles = Object.entries(servers).map(([id, { port, ...profile }]) =>
    aProfile(port, { id, name: id, ...profile }),
  );
  const ports = { clock: systemClock, random: systemRandom, log };
  const vault = memoryVault();
  for (const profile of profiles) {
    const password = passwords[profile.id];
    if (password !== undefined) await vault.set(secretRef(profile.id), keptFor(profile, { password }));
  }
  const secrets = new SecretResolver({ vault, ask: () => Promise.resolve(undefined), log });
  const connections = new Connections(memoryProfiles(...profiles), {
    ...ports,
    factories,
    secrets,
    isTrusted: () => true,
  });
  await connections.list();
  const history = memoryHistory();
  const recorder = new Recorder({ ...ports, history }, () => undefined);
  const gate = new WriteGate({ connections, recorder, isTrusted: () => true });
  const connection = (id: string): Connection => connections.get(id);
  const keysOf = async (id: string, db = 0): Promise<KeyName[]> => {
    const provider = await connection(id).provider(db);
    const names = new Set<KeyName>();
    for await (const { keys } of provider.scan({}, { timeoutMs: 5000 }))
      for (const key of keys.names()) names.add(key);
    return [...names].sort();
  };
  const request: Transfers['request'] = (id, action, changes = {}) => ({
    requestId: systemRandom.id(), connectionId: id, db: 0, action, target: 'a file', destructive: false, ...changes,
  }); // prettier-ignore
  return {
    gate,
    history,
    connection,
    keysOf,
    request,
    async exported(id, changes = {}) {
      const sink = memorySink();
      const own = {
        connection: connection(id),
        db: 0,
        format: linesFormat,
        sink,
        sealKey,
        clock: systemClock,
      };
      await exportKeys({ keys: changes.keys ?? (await keysOf(id)), ...own, ...changes });
      return sink.content().toString('utf8');
    },
    imported: (id, text, changes = {}) =>
      importKeys({
        gate, connection: connection(id), request: request(id, 'keys.import'), open: keysFile(memoryFile(text, 64 * 1024)),
        prefix: keyName(Buffer.alloc(0)), policy: 'skip', onBadLine: 'skip', sealKey, clock: systemClock, ...changes,
      }), // prettier-ignore
    planned: (id, text) =>
      planImport({
        connection: connection(id), db: 0, prefix: keyName(Buffer.alloc(0)), open: keysFile(memoryFile(text, 64 * 1024)),
        sealKey, clock: systemClock,
      }), // prettier-ignore
    settled: () => recorder.settled(),
    close: () => connections.dispose(),
  };
}
