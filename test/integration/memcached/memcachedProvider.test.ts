import assert from 'node:assert/strict';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import type { Change } from '../../../src/engine/connections/change';
import { memcachedFactory } from '../../../src/providers/memcached/memcachedProvider';
import { startMemcached, type CacheServer } from '../../helpers/cacheServer';
import { MemcachedPeer } from '../../helpers/memcachedPeer';
import { aProfile } from '../../helpers/ports';
import { rejectsWith } from '../../helpers/rejects';
import { apply, call, providerContract, readBytes, scanAll } from '../providerContract';

const connectionId = 'test-connection';

async function editOf(provider: CacheProvider, key: Buffer, before: Buffer, after: Buffer): Promise<Change> {
  const facts = await provider.describe(key, call);
  return {
    kind: 'item.set', key, before, after, ttl: { mode: 'keep' }, cas: facts?.cas ?? '1', flags: facts?.flags ?? 0,
  }; // prettier-ignore
}

async function statsOf(server: CacheServer, command: string): Promise<string> {
  const peer = await MemcachedPeer.connect(server.port);
  try {
    return await peer.ask(`${command}\r\n`, 'END\r\n');
  } finally {
    peer.close();
  }
}

for (const count of [1, 3]) {
  describe(`Memcached provider with ${count} server(s)`, () => {
    let servers: CacheServer[];
    let provider: CacheProvider;

    before(async () => {
      servers = await Promise.all(Array.from({ length: count }, () => startMemcached()));
    });
    after(() => Promise.all(servers.map((server) => server.stop())));
    beforeEach(async () => {
      for (const server of servers) {
        const peer = await MemcachedPeer.connect(server.port);
        await peer.ask('flush_all\r\n');
        peer.close();
      }
      const endpoints = servers.map(({ host, port }) => ({ kind: 'tcp' as const, host, port }));
      const profile = aProfile(0, { engine: 'memcached', endpoints });
      provider = await memcachedFactory.open({ profile, secrets: {}, db: 0, isReadOnly: () => false }, call);
    });
    afterEach(() => provider.close());

    providerContract({
      provider: () => provider,
      connectionId,
      newValue: (bytes) => ({ type: 'item', bytes, flags: 7 }),
      edit: (key, before, after) => editOf(provider, key, before, after),
      longestKey: 250,
      binaryKeys: false,
    });

    it('refuses an edit whose CAS was read later than the bytes it is based on', async () => {
      const key = Buffer.from('later');
      const [mine, theirs] = [Buffer.from('mine'), Buffer.from('theirs')];
      const value = { type: 'item', bytes: theirs, flags: 0 } as const;
      await apply(provider, connectionId, { kind: 'create', key, value, ttl: { mode: 'remove' } });
      const edit = await editOf(provider, key, Buffer.from('older'), mine);
      const outcome = await apply(provider, connectionId, edit);
      assert.ok(outcome.status === 'conflict');
      assert.deepEqual([outcome.conflict.reason, outcome.conflict.current], ['changed', theirs]);
      assert.deepEqual(await readBytes(provider, key), theirs);
    });

    it('tells the slab class of an item, as the server counts it', async () => {
      const key = Buffer.from('slab');
      const value = { type: 'item' as const, bytes: Buffer.alloc(5000), flags: 0 };
      await apply(provider, connectionId, { kind: 'create', key, value, ttl: { mode: 'keep' } });
      const facts = await provider.describe(key, call);
      const stats = await Promise.all(servers.map((server) => statsOf(server, 'stats items')));
      assert.ok(facts?.slab !== undefined && stats.join('').includes(`items:${facts.slab}:number 1`));
    });

    it('tells how many keys there are on all servers', async () => {
      for (let i = 0; i < 20; i++) {
        const value = { type: 'item', bytes: Buffer.from('x'), flags: 0 } as const;
        await apply(provider, connectionId, {
          kind: 'create',
          key: Buffer.from(`k${i}`),
          value,
          ttl: { mode: 'keep' },
        });
      }
      const [database] = await provider.databases(call);
      // flushed items count until the server meets them again
      assert.ok(database && database.keys >= 20, String(database?.keys));
      assert.equal((await scanAll(provider)).length, 20);
    });
  });
}

describe('Memcached items', () => {
  let server: CacheServer;
  let peer: MemcachedPeer;
  let provider: CacheProvider;

  before(async () => {
    server = await startMemcached();
    peer = await MemcachedPeer.connect(server.port);
    const profile = aProfile(server.port, { engine: 'memcached' });
    provider = await memcachedFactory.open({ profile, secrets: {}, db: 0, isReadOnly: () => false }, call);
  });
  after(async () => {
    await provider.close();
    peer.close();
    await server.stop();
  });

  it('keep flags and time to live through an edit', async () => {
    await peer.set('k', 'old', 4_294_967_295, 500);
    await apply(
      provider,
      connectionId,
      await editOf(provider, Buffer.from('k'), Buffer.from('old'), Buffer.from('new')),
    );
    assert.match(await peer.ask('mg k v f t\r\n'), /^VA 3 f4294967295 t(500|499)\r\nnew/);
  });

  it('G19: keep a time to live beyond 30 days through an edit', async () => {
    const days40 = 40 * 86_400;
    await peer.set('far', 'old', 0, Math.round(Date.now() / 1000) + days40);
    await apply(
      provider,
      connectionId,
      await editOf(provider, Buffer.from('far'), Buffer.from('old'), Buffer.from('new')),
    );
    const left = Number(/t(\d+)/.exec(await peer.ask('mg far t\r\n'))?.[1]);
    assert.ok(Math.abs(left - days40) <= 2, String(left));
  });

  it('G20: refuse names that other clients could not use', async () => {
    for (const name of ['', 'with space', 'tab\there', 'x'.repeat(251), 'nul\0']) {
      const value = { type: 'item', bytes: Buffer.from('x'), flags: 0 } as const;
      const create = apply(provider, connectionId, {
        kind: 'create',
        key: Buffer.from(name),
        value,
        ttl: { mode: 'keep' },
      });
      await rejectsWith(create, 'VALIDATION_ERROR', 'invalid');
    }
  });

  it('show names with spaces that the binary protocol made, and delete them', async () => {
    await peer.ask(`ms ${Buffer.from('with space').toString('base64')} 1 b\r\nx\r\n`);
    assert.ok((await scanAll(provider)).some((key) => key.toString() === 'with space'));
    assert.deepEqual(await readBytes(provider, Buffer.from('with space')), Buffer.from('x'));
  });

  it('G1, G20: list every one of 5,000 keys that another client made, and continue a list that was stopped', async () => {
    await peer.fill(5000, (i) => `list:${i}:${'y'.repeat(60)}`);
    const names = new Set<string>();
    let cursor: string | undefined;
    let examined = 0;
    do {
      for await (const batch of provider.scan(cursor === undefined ? {} : { cursor }, call)) {
        for (const key of batch.keys.names()) names.add(key);
        examined += batch.examined;
        cursor = batch.cursor;
        if (batch.examined > 0) break;
      }
    } while (cursor !== undefined);
    assert.equal([...names].filter((name) => name.startsWith('list:')).length, 5000);
    assert.ok(examined >= 5000 && examined < 5100, String(examined));
  });

  it('never change the value when the type of an edit is not theirs', async () => {
    await peer.set('k', 'v');
    const change = { kind: 'rename', key: Buffer.from('k'), to: Buffer.from('l'), replace: false } as const;
    await rejectsWith(apply(provider, connectionId, change), 'NOT_SUPPORTED', 'unsupported');
    assert.match(await peer.ask('mg l v\r\n'), /^EN/);
  });
});
