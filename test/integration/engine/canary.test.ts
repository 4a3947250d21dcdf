import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Change } from '../../../src/engine/connections/change';
import { Connections } from '../../../src/engine/connections/connections';
import { parseConnectionUrl } from '../../../src/engine/connections/connectionUrl';
import { deleteConnection } from '../../../src/engine/connections/deleteConnection';
import type { ConnectionProfile } from '../../../src/engine/connections/profile';
import { saveConnection } from '../../../src/engine/connections/saveConnection';
import { SecretResolver } from '../../../src/engine/connections/secretResolver';
import { testConnection } from '../../../src/engine/connections/testConnection';
import { systemClock, systemRandom } from '../../../src/engine/kernel/clock';
import { Recorder } from '../../../src/engine/kernel/recorder';
import { changeKey } from '../../../src/engine/keys/changeKey';
import { WriteGate } from '../../../src/engine/keys/guard';
import { openValue } from '../../../src/engine/keys/openValue';
import { redisFactory } from '../../../src/providers/redis/redisProvider';
import type { Store } from '../../../src/providers/store/openStore';
import { startRedis, type CacheServer } from '../../helpers/cacheServer';
import { startFaultProxy, type FaultProxy } from '../../helpers/faultProxy';
import { aProfile, memoryLog, memoryVault } from '../../helpers/ports';
import { temporaryFolder } from '../../unit/store/storeFixture';
import { realStore } from '../store/realStore';
import { filesBelow, inspected, tracesOf } from './canaryTraces';

const value = 'canary-value-7Zq9ü/@%"x';
const secret = 'canary-secret-4Kw2/@%x';
const wrong = 'canary-secret-wrong-9Lm1';
const bytes = Buffer.from(value);
const keep = { mode: 'keep' } as const;
const id = 'test-connection';

describe('H6: a cached value and a password', () => {
  let server: CacheServer;
  let proxy: FaultProxy;
  let store: Store;
  let folder: string;
  let removeFolder: () => void;
  const log = memoryLog();
  const vault = memoryVault();
  const errors: unknown[] = [];

  before(async () => {
    ({ folder, remove: removeFolder } = temporaryFolder());
    server = await startRedis({ args: ['--requirepass', secret] });
    proxy = await startFaultProxy(server.port);
    store = realStore(join(folder, 'store'), log);
  });
  after(async () => {
    await store.close();
    await proxy.close();
    await server.stop();
    removeFolder();
  });

  function window() {
    const ports = { clock: systemClock, random: systemRandom, log };
    const recorder = new Recorder({ ...ports, history: store.history }, (error) => errors.push(error));
    const secrets = new SecretResolver({ vault, ask: () => Promise.resolve({ password: wrong }), log });
    const factory = () => Promise.resolve(redisFactory);
    const factories = { redis: factory, memcached: factory };
    const connections = new Connections(store.profiles, {
      ...ports,
      factories,
      secrets,
      isTrusted: () => true,
    });
    const gate = new WriteGate({ connections, recorder, isTrusted: () => true });
    return { connections, recorder, gate, secrets };
  }
  type Window = ReturnType<typeof window>;

  const profile = (changes: Partial<ConnectionProfile> = {}): ConnectionProfile =>
    aProfile(proxy.port, { auth: { method: 'password', secret: 'stored' }, timeoutMs: 500, ...changes });

  /** Runs what may fail and keeps what it throws, or the error its result holds. */
  async function keepErrors(work: () => unknown): Promise<void> {
    try {
      errors.push(await work());
    } catch (thrown) {
      errors.push(thrown);
    }
  }

  const write = ({ gate }: Window, change: Change): Promise<void> => {
    const target = { requestId: systemRandom.id(), connectionId: id, db: 0, action: 'key.edit', target: 'k' };
    return keepErrors(() => changeKey(gate, { ...target, destructive: false }, change));
  };
  const create = (key: string): Change => ({
    kind: 'create',
    key: Buffer.from(key),
    value: { type: 'string', bytes },
    ttl: keep,
  });
  const edit = (key: string): Change => ({
    kind: 'string.set',
    key: Buffer.from(key),
    before: Buffer.from(`${value}-before`),
    after: bytes,
    ttl: keep,
  });
  const hashEdit: Change = {
    kind: 'elements',
    key: Buffer.from('k'),
    edits: { type: 'hash', edits: [{ field: bytes, before: bytes, after: bytes }] },
  };

  async function failingWrites(all: Window): Promise<void> {
    await write(all, create('k'));
    await write(all, create('k'));
    await write(all, edit('k'));
    await write(all, hashEdit);
    await write(all, edit('absent'));
    await write(all, {
      kind: 'create',
      key: Buffer.from('z'),
      value: { type: 'zset', members: [[bytes, value]] },
      ttl: keep,
    });
    const provider = await all.connections.get(id).provider(0);
    await keepErrors(() => openValue(provider, Buffer.from('k'), { timeoutMs: 500 }).then(() => undefined));
    await keepErrors(() =>
      provider.read(Buffer.from('k'), { type: 'hash', limit: 1, cellLimit: 1 }, { timeoutMs: 500 }),
    );
  }

  async function faultyWrites(all: Window): Promise<void> {
    for (const fault of ['drop-replies', 'half-reply', 'reset-on-reply', 'black-hole'] as const) {
      proxy.fault = fault;
      await write(all, edit('k'));
      await write(all, create(`k-${fault}`));
      proxy.fault = 'none';
      proxy.resetAll();
    }
  }

  /** A server that refuses writes: full, without the scripts, and for a user without rights. */
  async function refusedWrites(all: Window): Promise<void> {
    const { Redis } = await import('ioredis');
    const admin = new Redis(server.port, '127.0.0.1', { password: secret, protocol: 2 });
    await admin.config('SET', 'maxmemory', '1');
    await write(all, create('full'));
    await admin.config('SET', 'maxmemory', '0');
    await admin.call('ACL', 'SETUSER', 'default', '-@write', '-@scripting');
    await write(all, create('denied'));
    await write(all, edit('k'));
    await admin.call('ACL', 'SETUSER', 'default', '+@all');
    await admin.quit();
  }

  async function life(all: Window): Promise<void> {
    const ports = { profiles: store.profiles, intents: store.intents, vault };
    const operation = { action: 'connection.add', connectionId: id };
    await all.recorder.during(operation, () => saveConnection(ports, profile(), { password: secret }));
    await all.connections.list();
    await all.connections.get(id).connect();
    await failingWrites(all);
    await faultyWrites(all);
    await refusedWrites(all);
    await saveConnection(ports, profile({ name: 'edited', updatedAt: 1 }), { password: wrong });
    await all.connections.reload();
    await keepErrors(() => all.recorder.during(operation, () => all.connections.get(id).connect()));
    await keepErrors(() => testConnection(redisFactory, profile(), { password: wrong }, systemRandom));
    await keepErrors(() => parseConnectionUrl(`redis://user:${secret}%@host`));
    await keepErrors(() => saveConnection(ports, profile({ name: '' }), { password: secret }));
    vault.broken.add('set');
    await keepErrors(() => saveConnection(ports, profile(), { password: secret }));
    vault.broken.clear();
    await deleteConnection(ports, profile());
    await all.connections.dispose();
    await all.recorder.settled();
  }

  it('are in no file, log line, history row or error of a whole life', async () => {
    await life(window());
    const rows = await store.history.list({ limit: 1000 });
    await store.close();
    const files = filesBelow(folder);
    const haystacks = new Map<string, Buffer | string>([
      ...files,
      ...log.lines.map((line, i) => [`log line ${i}`, line] as const),
      ...rows.map((row) => [`history ${row.seq}`, JSON.stringify(row)] as const),
      ...errors.map((error, i) => [`error ${i}`, inspected(withoutPages(error))] as const),
    ]);
    assert.ok(files.size > 0 && rows.length > 10 && log.lines.length > 3 && errors.length > 20);
    const failures = new Set(rows.map(({ status }) => status));
    assert.deepEqual([...failures].sort(), ['error', 'success', 'unknown']);
    assert.deepEqual(tracesOf([value, secret, wrong], haystacks), []);
    assert.equal(vault.kept.size, 0, 'the secret went with the profile');
  });

  it('would be found in any of these, however written', () => {
    const forms = [
      value,
      JSON.stringify({ value }),
      Buffer.from(`{"a":"${value}"}`).toString('base64'),
      Buffer.from(`x${value}yz`).toString('base64url'),
      bytes.toString('hex'),
      encodeURIComponent(value),
      inspected(
        new Error('outer', { cause: Object.assign(new Error('inner'), { command: { args: [bytes] } }) }),
      ),
      inspected({ deep: { hidden: { args: ['SET', 'k', value] } } }),
    ];
    for (const form of forms) assert.equal(tracesOf([value], new Map([['here', form]])).length, 1, form);
  });
});

/** A conflict shows what is there now, to the person only: that part of a result is no error. */
function withoutPages(result: unknown): unknown {
  if (typeof result !== 'object' || result === null || !('conflict' in result)) return result;
  return { ...result, conflict: undefined };
}
