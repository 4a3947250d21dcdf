import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import type { Change } from '../../../src/engine/connections/change';
import type { TtlChange } from '../../../src/engine/connections/ttlChange';
import { inverseOf } from '../../../src/engine/values/undo';
import { redisFactory } from '../../../src/providers/redis/redisProvider';
import { startRedis, type CacheServer } from '../../helpers/cacheServer';
import { aProfile } from '../../helpers/ports';
import { apply, call } from '../providerContract';

const id = 'test-connection';
const conflict = (reason: string) => ({ status: 'conflict', conflict: { reason } });
const ttlOf = (ttl: TtlChange, expireAtMs: number | undefined): Change => ({
  kind: 'ttl',
  key: Buffer.from('k'),
  ttl,
  before: { expireAtMs },
});

describe('Edits of the time to live that was seen', () => {
  let server: CacheServer;
  let peer: Redis;
  let provider: CacheProvider;

  before(async () => {
    server = await startRedis();
    peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
    await peer.call('ACL', 'SETUSER', 'old', 'on', '>p', '~*', '+@all', '-pexpiretime');
  });
  after(async () => {
    peer.disconnect();
    await server.stop();
  });
  beforeEach(() => peer.flushall());
  afterEach(() => provider.close());

  async function connect(username?: string): Promise<void> {
    const auth =
      username === undefined ? {} : { auth: { method: 'password', username, secret: 'stored' } as const };
    const profile = aProfile(server.port, auth);
    const secrets = username === undefined ? {} : { password: 'p' };
    provider = await redisFactory.open({ profile, secrets, db: 0, isReadOnly: () => false }, call);
  }

  it('set, remove and undo it, and read it back', async () => {
    await connect();
    await peer.set('k', 'v');
    const at = Date.now() + 100_000;
    const set = ttlOf({ mode: 'set', expireAtMs: at }, undefined);
    assert.equal(await provider.wasApplied(set, call), false);
    assert.deepEqual(await apply(provider, id, set), { status: 'applied' });
    assert.equal(await peer.pexpiretime('k'), at);
    assert.equal(await provider.wasApplied(set, call), true);
    assert.deepEqual(await apply(provider, id, set), conflict('changed'));
    const undo = inverseOf(set, { status: 'applied' });
    assert.ok(undo);
    assert.deepEqual(await apply(provider, id, undo), { status: 'applied' });
    assert.equal(await peer.pexpiretime('k'), -1);
    await peer.del('k');
    assert.deepEqual(await apply(provider, id, set), conflict('gone'));
    assert.equal(await provider.wasApplied(set, call), undefined);
  });

  it('are conflicts when another was set meanwhile, to the millisecond', async () => {
    await connect();
    await peer.set('k', 'v');
    const at = Date.now() + 100_000;
    await peer.pexpireat('k', at);
    for (const seen of [at - 1, at + 1, undefined])
      assert.deepEqual(await apply(provider, id, ttlOf({ mode: 'remove' }, seen)), conflict('changed'));
    assert.equal(await peer.pexpiretime('k'), at);
    assert.deepEqual(await apply(provider, id, ttlOf({ mode: 'remove' }, at)), { status: 'applied' });
  });

  it('are compared by what is left where the server does not tell when, one millisecond aside', async () => {
    await connect('old');
    await peer.set('k', 'v');
    const at = Date.now() + 100_000;
    await peer.pexpireat('k', at);
    assert.deepEqual(await apply(provider, id, ttlOf({ mode: 'remove' }, at - 50)), conflict('changed'));
    assert.deepEqual(await apply(provider, id, ttlOf({ mode: 'remove' }, undefined)), conflict('changed'));
    assert.deepEqual(await apply(provider, id, ttlOf({ mode: 'remove' }, at)), { status: 'applied' });
  });
});
