import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import { redisFactory } from '../../../src/providers/redis/redisProvider';
import { startRedis, type CacheServer } from '../../helpers/cacheServer';
import { aProfile } from '../../helpers/ports';
import { rejectsWith } from '../../helpers/rejects';
import { call } from '../providerContract';

describe('reports of a Redis server', () => {
  let server: CacheServer;
  let peer: Redis;
  let provider: CacheProvider;
  before(async () => {
    server = await startRedis();
    peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
    const request = { profile: aProfile(server.port), secrets: {}, db: 0, isReadOnly: () => true };
    provider = await redisFactory.open(request, call);
  });
  after(async () => {
    await provider.close();
    await peer.quit();
    await server.stop();
  });

  it('are INFO and the slow log, on a read-only connection too', async () => {
    assert.deepEqual(provider.serverReports, ['INFO', 'SLOWLOG']);
    assert.match(await provider.serverReport('INFO', call), /^# Server\nredis_version:\d/);
  });

  it('show slow commands newest first, each on a line of its own whatever bytes it has', async () => {
    await peer.config('SET', 'slowlog-log-slower-than', 10_000_000);
    await peer.slowlog('RESET');
    assert.equal(await provider.serverReport('SLOWLOG', call), 'The slow log is empty.\n');
    await peer.config('SET', 'slowlog-log-slower-than', 0);
    await peer.set('first', 'x');
    await peer.set('k', Buffer.from('a\n\xff', 'latin1'));
    await peer.config('SET', 'slowlog-log-slower-than', 10_000_000);
    const report = await provider.serverReport('SLOWLOG', call);
    const commands = report.split('\n').filter((line) => line.startsWith('  set '));
    assert.deepEqual(commands, ['  set k a\\n\\xff', '  set first x']);
    assert.match(report, /^#\d+ {2}\d{4}-\d\d-\d\dT[\d:.]+Z {2}\d+ µs {2}127\.0\.0\.1:\d+\n/);
  });

  it('are no others', async () => {
    await rejectsWith(provider.serverReport('CONFIG', call), 'VALIDATION_ERROR', 'invalid');
  });
});
