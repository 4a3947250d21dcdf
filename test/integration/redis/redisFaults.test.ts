import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import type { CacheProvider, OpenRequest } from '../../../src/engine/connections/cacheProvider';
import type { ConnectionProfile } from '../../../src/engine/connections/profile';
import { redisFactory } from '../../../src/providers/redis/redisProvider';
import { startRedis, type CacheServer } from '../../helpers/cacheServer';
import { startFaultProxy, type FaultProxy } from '../../helpers/faultProxy';
import { aProfile } from '../../helpers/ports';
import { rejectsWith } from '../../helpers/rejects';
import { apply, call, scanAll } from '../providerContract';

const short = { timeoutMs: 300 };
const id = 'test-connection';
const key = Buffer.from('k');

describe('Redis provider when things go wrong', () => {
  let server: CacheServer;
  let peer: Redis;
  let proxy: FaultProxy;
  let open: CacheProvider[];

  before(async () => {
    server = await startRedis();
    peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
    peer.on('error', () => undefined);
  });
  after(async () => {
    peer.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    open = [];
    await peer.flushall();
    proxy = await startFaultProxy(server.port);
  });
  afterEach(async () => {
    for (const provider of open) await provider.close();
    await proxy.close();
  });

  async function connect(
    changes: Partial<ConnectionProfile> = {},
    rest: Partial<OpenRequest> = {},
  ): Promise<CacheProvider> {
    const request = {
      profile: aProfile(proxy.port, changes),
      secrets: {},
      db: 0,
      isReadOnly: () => false,
      ...rest,
    };
    const provider = await redisFactory.open(request, call);
    open.push(provider);
    return provider;
  }
  const increment = {
    kind: 'string.set',
    key,
    before: Buffer.from('1'),
    after: Buffer.from('2'),
    ttl: { mode: 'keep' },
  } as const;

  it('tells a refused port, an unknown host and a timeout apart', async () => {
    const tcp = (host: string, port: number): Partial<ConnectionProfile> => ({
      endpoints: [{ kind: 'tcp', host, port }],
    });
    await rejectsWith(connect(tcp('127.0.0.1', 1)), 'CONNECTION_FAILED', 'refused');
    await rejectsWith(connect(tcp('no-such-host.invalid', 6379)), 'CONNECTION_FAILED', 'dns');
    proxy.fault = 'black-hole';
    const request = { profile: aProfile(proxy.port), secrets: {}, db: 0, isReadOnly: () => false };
    await rejectsWith(redisFactory.open(request, short), 'TIMEOUT', 'timeout');
  });

  it('G33: tells a wrong password, a missing password and a missing right apart', async () => {
    const guarded = await startRedis({ args: ['--requirepass', 'right'] });
    const auth = { method: 'password', secret: 'stored' } as const;
    const at = {
      endpoints: [{ kind: 'tcp', host: '127.0.0.1', port: guarded.port }],
    } as Partial<ConnectionProfile>;
    await rejectsWith(
      connect({ ...at, auth }, { secrets: { password: 'wrong' } }),
      'UNAUTHORIZED',
      'wrong-password',
    );
    await rejectsWith(connect(at), 'UNAUTHORIZED', 'password-needed');
    const provider = await connect({ ...at, auth }, { secrets: { password: 'right' } });
    assert.ok((await provider.ping(call)) >= 0);
    await guarded.stop();
  });

  it('serves an ACL user who may only read app:*, and says what is missing', async () => {
    await peer.call('ACL', 'SETUSER', 'reader', 'reset', 'on', '>pw', '~app:*', '+@read');
    await peer.mset('app:1', 'a', 'other', 'b');
    const auth = { method: 'password', username: 'reader', secret: 'stored' } as const;
    const provider = await connect({ auth }, { secrets: { password: 'pw' } });
    assert.ok((await provider.ping(call)) >= 0);
    assert.equal((await scanAll(provider)).length, 2);
    assert.equal((await provider.describe(Buffer.from('app:1'), call))?.type, 'string');
    await rejectsWith(provider.describe(Buffer.from('other'), call), 'UNAUTHORIZED', 'no-permission');
    const { slowLog, serverInfo, configuration } = provider.capabilities;
    assert.match(slowLog.available ? '' : slowLog.reason, /SLOWLOG is not allowed for user/);
    assert.match(serverInfo.available ? '' : serverInfo.reason, /INFO is not allowed for user/);
    assert.match(configuration.available ? '' : configuration.reason, /CONFIG is not allowed for user/);
    assert.deepEqual(provider.serverReports, []);
    const write = apply(provider, id, { kind: 'ttl', key: Buffer.from('app:1'), ttl: { mode: 'remove' } });
    await rejectsWith(write, 'UNAUTHORIZED', 'no-permission');
  });

  for (const fault of ['black-hole', 'drop-replies', 'reset-on-reply', 'half-reply'] as const) {
    it(`N6: applies a write at most once and settles it when the replies meet ${fault}`, async () => {
      await peer.set('k', '1');
      const provider = await connect();
      await apply(provider, id, { kind: 'ttl', key, ttl: { mode: 'remove' } });
      proxy.fault = fault;
      const lost = await apply(provider, id, increment);
      proxy.fault = 'none';
      const isCertain = fault === 'half-reply' && lost.status === 'applied';
      assert.ok(isCertain || lost.status === 'unknown', lost.status);
      const happened = await provider.wasApplied(increment, call);
      assert.equal(happened, (await peer.get('k')) === '2');
      assert.equal(happened, fault !== 'black-hole');
    });
  }

  it('never lands a write after its timeout when the network swallowed it', async () => {
    await peer.set('k', '1');
    const provider = await connect();
    await apply(provider, id, { kind: 'ttl', key, ttl: { mode: 'remove' } });
    proxy.fault = 'black-hole';
    assert.equal((await apply(provider, id, increment)).status, 'unknown');
    proxy.fault = 'none';
    assert.equal(await provider.wasApplied(increment, call), false);
    assert.equal(await peer.get('k'), '1');
    assert.equal((await apply(provider, id, increment)).status, 'applied');
  });

  it('settles reads, scans and writes on a frozen server, and works again when it resumes', async () => {
    await peer.mset('k', '1', 'l', '2');
    const provider = await connect();
    await provider.describe(key, call);
    await server.freeze();
    try {
      await rejectsWith(provider.describe(key, short), 'TIMEOUT', 'timeout');
      await rejectsWith(drain(provider), 'TIMEOUT', 'timeout');
      await rejectsWith(provider.countKeys(short), 'TIMEOUT', 'timeout');
    } finally {
      server.resume();
    }
    assert.equal((await provider.describe(key, call))?.type, 'string');
    assert.equal((await scanAll(provider)).length, 2);
  });

  it('tells that a killed server is gone, and serves again after its restart', async () => {
    const provider = await connect();
    const links: boolean[] = [];
    provider.onLink(({ up }) => links.push(up));
    await server.kill();
    await rejectsWith(provider.ping(call), 'CONNECTION_FAILED', 'dropped');
    assert.equal(links.at(0), false);
    await server.start();
    assert.ok((await provider.ping(call)) >= 0);
    assert.equal(links.at(-1), true);
  });

  it('settles every call of a cancelled wait at once and leaves the others alone', async () => {
    const provider = await connect();
    proxy.fault = 'drop-replies';
    const abort = new AbortController();
    const waiting = provider.ping({ timeoutMs: 60_000, signal: abort.signal });
    abort.abort();
    await rejectsWith(waiting, 'TIMEOUT', 'cancelled');
  });

  async function drain(provider: CacheProvider): Promise<void> {
    for await (const batch of provider.scan({}, short)) assert.ok(batch.keys.length >= 0);
  }
});
