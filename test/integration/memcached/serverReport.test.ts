import assert from 'node:assert/strict';
import { memcachedFactory } from '../../../src/providers/memcached/memcachedProvider';
import { startMemcached } from '../../helpers/cacheServer';
import { MemcachedPeer } from '../../helpers/memcachedPeer';
import { aProfile } from '../../helpers/ports';
import { rejectsWith } from '../../helpers/rejects';
import { call } from '../providerContract';

it('reports of Memcached are its statistics, those of each server under its name', async () => {
  const servers = [await startMemcached(), await startMemcached()];
  const endpoints = servers.map(({ host, port }) => ({ kind: 'tcp' as const, host, port }));
  const profile = aProfile(0, { engine: 'memcached', endpoints });
  const provider = await memcachedFactory.open({ profile, secrets: {}, db: 0, isReadOnly: () => true }, call);
  const peer = await MemcachedPeer.connect(servers[0]!.port);
  try {
    await peer.set('a', 'x');
    assert.deepEqual(provider.serverReports, ['stats', 'stats slabs', 'stats items', 'stats settings']);
    const stats = await provider.serverReport('stats', call);
    for (const { port } of servers)
      assert.match(stats, new RegExp(`^# 127\\.0\\.0\\.1:${port}\\npid \\d+\\n`, 'm'));
    assert.match(await provider.serverReport('stats slabs', call), /^1:chunk_size \d+$/m);
    assert.match(await provider.serverReport('stats items', call), /^items:1:number 1$/m);
    assert.match(await provider.serverReport('stats settings', call), /^maxbytes \d+$/m);
    await rejectsWith(provider.serverReport('stats reset', call), 'VALIDATION_ERROR', 'invalid');
  } finally {
    peer.close();
    await provider.close();
    for (const server of servers) await server.stop();
  }
});
