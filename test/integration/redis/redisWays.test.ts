import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import type { ConnectionProfile } from '../../../src/engine/connections/profile';
import { redisFactory } from '../../../src/providers/redis/redisProvider';
import { startRedis, type CacheServer } from '../../helpers/cacheServer';
import { makeCertificates, type Certificates } from '../../helpers/certificates';
import { startFaultProxy } from '../../helpers/faultProxy';
import { freePort } from '../../helpers/freePort';
import { aProfile } from '../../helpers/ports';
import { rejectsWith } from '../../helpers/rejects';
import { apply, call, readBytes } from '../providerContract';

const key = Buffer.from('k');
const create = {
  kind: 'create',
  key,
  value: { type: 'string', bytes: Buffer.from('v') },
  ttl: { mode: 'keep' },
} as const;

describe('Ways to a Redis server', () => {
  let folder: string;
  let certificates: Certificates;
  let tlsPort: number;
  let server: CacheServer;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cachify-redis-ways-'));
    certificates = await makeCertificates(folder);
    tlsPort = await freePort();
    const { ca, certificate, key: privateKey } = certificates;
    const tls = [
      '--tls-port',
      String(tlsPort),
      '--tls-cert-file',
      certificate,
      '--tls-key-file',
      privateKey,
      '--tls-ca-cert-file',
      ca,
    ];
    server = await startRedis({
      args: [...tls, '--tls-auth-clients', 'optional', '--unixsocket', '{folder}/redis.sock'],
    });
  });
  after(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function use(
    changes: Partial<ConnectionProfile>,
    work: (provider: CacheProvider) => Promise<void>,
  ): Promise<void> {
    const provider = await redisFactory.open(
      { profile: aProfile(tlsPort, changes), secrets: {}, db: 0, isReadOnly: () => false },
      call,
    );
    try {
      await work(provider);
    } finally {
      await provider.close();
    }
  }
  const fails = (changes: Partial<ConnectionProfile>) =>
    rejectsWith(
      use(changes, () => Promise.resolve()),
      'CONNECTION_FAILED',
      'tls',
    );

  it('over TLS reads and writes with the certificate verified, with and without a client certificate', async () => {
    const { ca, certificate, key: privateKey } = certificates;
    const tls = { enabled: true, verify: true, caFile: ca };
    await use({ tls }, async (provider) => {
      assert.equal((await apply(provider, 'test-connection', create)).status, 'applied');
      assert.equal(provider.identity.tls, true);
    });
    await use(
      { tls: { ...tls, servername: 'cache.test', certificateFile: certificate, keyFile: privateKey } },
      async (provider) => {
        assert.deepEqual(await readBytes(provider, key), Buffer.from('v'));
      },
    );
  });

  it('over TLS refuses an unknown authority, a wrong name, a missing file, and a server without TLS', async () => {
    const tls = { enabled: true, verify: true, caFile: certificates.ca };
    await fails({ tls: { enabled: true, verify: true } });
    await fails({ tls: { ...tls, servername: 'wrong.test' } });
    await fails({ tls: { ...tls, caFile: join(folder, 'absent') } });
    await fails({ tls, endpoints: [{ kind: 'tcp', host: '127.0.0.1', port: server.port }] });
  });

  it('over a Unix socket serves like over a port, and settles a write on a frozen server', async () => {
    await use(
      { endpoints: [{ kind: 'unix', path: join(server.folder, 'redis.sock') }] },
      async (provider) => {
        assert.ok((await provider.ping(call)) >= 0);
        const ttl = { kind: 'ttl', key, ttl: { mode: 'remove' } } as const;
        await apply(provider, 'test-connection', ttl);
        await server.freeze();
        try {
          await rejectsWith(provider.ping({ timeoutMs: 200 }), 'TIMEOUT', 'timeout');
        } finally {
          server.resume();
        }
        assert.ok((await provider.ping(call)) >= 0);
      },
    );
  });

  it('G56: many calls share one socket for reads and one for writes', async () => {
    const proxy = await startFaultProxy(server.port);
    await use({ endpoints: [{ kind: 'tcp', host: '127.0.0.1', port: proxy.port }] }, async (provider) => {
      await Promise.all(Array.from({ length: 50 }, () => provider.describe(key, call)));
      for (let i = 0; i < 5; i++)
        await apply(provider, 'test-connection', { kind: 'ttl', key, ttl: { mode: 'remove' } });
    });
    assert.equal(proxy.accepted(), 2);
    await proxy.close();
  });

  it('G58: every capability that is claimed works, and every missing one says why', async () => {
    const plain = {
      endpoints: [{ kind: 'tcp', host: '127.0.0.1', port: server.port }],
    } as Partial<ConnectionProfile>;
    const peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
    const [known] = (await peer.call('COMMAND', 'INFO', 'HPEXPIREAT')) as unknown[];
    peer.disconnect();
    await use(plain, (provider) => {
      for (const [name, state] of Object.entries(provider.capabilities)) {
        assert.ok(state.available || state.reason.length > 10, name);
      }
      const missing = Object.entries(provider.capabilities).filter(([, state]) => !state.available);
      assert.deepEqual(
        missing.map(([name]) => name),
        known === null ? ['cluster', 'fieldTtl'] : ['cluster'],
      );
      return Promise.resolve();
    });
  });
});
