import assert from 'node:assert/strict';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import { openValue } from '../../../src/engine/keys/openValue';
import { readParts } from '../../../src/engine/transfer/readParts';
import { memcachedFactory } from '../../../src/providers/memcached/memcachedProvider';
import { startMemcached, type CacheServer } from '../../helpers/cacheServer';
import { MemcachedPeer } from '../../helpers/memcachedPeer';
import { aProfile } from '../../helpers/ports';
import { issuePermit, revokePermit } from '../../../src/engine/connections/writePermit';
import { apply, call, scanAll } from '../providerContract';

const connectionId = 'test-connection';
const key = Buffer.from('watched');
const year = 365 * 86_400_000;

/** Every way in which the product looks at an item, or finds out that it has nothing to do. */
const looks: Readonly<Record<string, (provider: CacheProvider) => Promise<unknown>>> = {
  'a glance': (provider) => provider.glance(key, call),
  'a description': (provider) => provider.describe(key, call),
  'opening its value': (provider) => openValue(provider, key, call),
  'listing keys': (provider) => scanAll(provider),
  'an export': async (provider) => {
    const facts = await provider.describe(key, call);
    assert.ok(facts);
    for await (const part of readParts(provider, key, facts, call, () => Date.now())) assert.ok(part);
  },
  'a new key of its name': async (provider) => {
    const value = { type: 'item' as const, bytes: Buffer.from('mine'), flags: 0 };
    const outcome = await apply(provider, connectionId, {
      kind: 'create',
      key,
      value,
      ttl: { mode: 'keep' },
    });
    assert.equal(outcome.status, 'conflict');
  },
  'an edit of what is there no more': async (provider) => {
    const edit = { before: Buffer.from('old'), after: Buffer.from('new'), cas: '1', flags: 0 };
    const outcome = await apply(provider, connectionId, {
      kind: 'item.set',
      key,
      ttl: { mode: 'keep' },
      ...edit,
    });
    assert.equal(outcome.status, 'conflict');
  },
  'reading back a lost reply': (provider) => {
    const edit = { before: Buffer.from('old'), after: Buffer.from('new'), cas: '1', flags: 0 };
    return provider.wasApplied({ kind: 'item.set', key, ttl: { mode: 'keep' }, ...edit }, call);
  },
  'setting its time to live': (provider) =>
    apply(provider, connectionId, { kind: 'ttl', key, ttl: { mode: 'set', expireAtMs: Date.now() + year } }),
  'setting the time to live of many': async (provider) => {
    const permit = issuePermit(connectionId, 'test');
    const ttl = { mode: 'set', expireAtMs: Date.now() + year } as const;
    const { outcomes } = await provider.setTtl([key], ttl, permit, call);
    revokePermit(permit);
    assert.deepEqual(outcomes, ['affected']);
  },
};

for (const count of [1, 2]) {
  describe(`Looking at an item of ${count} Memcached server(s)`, () => {
    let servers: CacheServer[];
    let provider: CacheProvider;
    let peer: MemcachedPeer;

    before(async () => {
      servers = await Promise.all(Array.from({ length: count }, () => startMemcached()));
      const endpoints = servers.map(({ host, port }) => ({ kind: 'tcp' as const, host, port }));
      const profile = aProfile(0, { engine: 'memcached', endpoints });
      provider = await memcachedFactory.open({ profile, secrets: {}, db: 0, isReadOnly: () => false }, call);
      peer = await MemcachedPeer.connect(servers.at(-1)?.port ?? 0);
    });
    after(async () => {
      peer.close();
      await provider.close();
      await Promise.all(servers.map((server) => server.stop()));
    });
    beforeEach(() => peer.ask('flush_all\r\n'));

    for (const [what, look] of Object.entries(looks)) {
      it(`leaves the turn to renew a stale one to the application: ${what}`, async () => {
        await peer.set('watched', 'value', 5);
        await peer.ask('md watched I T300\r\n');
        await look(provider);
        assert.match(await peer.ask('mg watched\r\n'), /\bW\b/, 'the application wins the turn');
      });
    }

    it('changes nothing that the server tells of it, when it is a glance, a new key of its name, or a list', async () => {
      await peer.set('watched', 'value', 5, 500);
      const told = (): Promise<string> => peer.ask('me watched\r\n');
      const before = await told();
      for (const what of ['a glance', 'a new key of its name', 'listing keys']) await looks[what]?.(provider);
      assert.match(before, /fetch=no/);
      const still = (line: string): string => line.replace(/(exp|la)=-?\d+ ?/g, '');
      assert.equal(still(await told()), still(before));
    });

    it('tells flags, length, time to live, CAS and slab class of its value', async () => {
      await peer.set('watched', 'value', 5, 500);
      const cas = /cas=(\d+)/.exec(await peer.ask('me watched\r\n'))?.[1];
      const facts = await provider.describe(key, call);
      assert.deepEqual([facts?.flags, facts?.length, facts?.cas, facts?.slab], [5, 5, cas, 1]);
      assert.ok(facts?.ttlMs !== undefined && facts.ttlMs > 490_000 && facts.ttlMs <= 500_000);
    });

    it('tells the same of a key that no line can carry', async () => {
      await peer.ask('ms YSBi 5 b F5 T500\r\nvalue\r\n');
      const facts = await provider.describe(Buffer.from('a b'), call);
      assert.deepEqual([facts?.flags, facts?.length], [5, 5]);
      assert.ok(facts?.ttlMs !== undefined && facts.ttlMs > 490_000);
    });
  });
}
