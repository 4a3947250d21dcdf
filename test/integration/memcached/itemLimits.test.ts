import assert from 'node:assert/strict';
import type { ApplyOutcome } from '../../../src/engine/connections/change';
import { memcachedFactory } from '../../../src/providers/memcached/memcachedProvider';
import { startMemcached } from '../../helpers/cacheServer';
import { MemcachedPeer } from '../../helpers/memcachedPeer';
import { aProfile } from '../../helpers/ports';
import { rejectsWith } from '../../helpers/rejects';
import { apply, call } from '../providerContract';

const connectionId = 'test-connection';

describe('The largest item of a Memcached server', () => {
  for (const args of [[], ['-C'], ['-I', '2m']]) {
    it(`is the largest we write, to the byte, when it was started with "${args.join(' ')}"`, async () => {
      const server = await startMemcached({ args });
      const peer = await MemcachedPeer.connect(server.port);
      const request = { profile: aProfile(server.port, { engine: 'memcached' }), secrets: {}, db: 0 };
      const provider = await memcachedFactory.open({ ...request, isReadOnly: () => false }, call);
      for (const name of ['size', 'a-longer-name-than-that']) {
        for (const flags of [0, 7]) {
          const key = Buffer.from(name);
          const largest = await provider.largestValue(key, flags, call);
          const create = (size: number): Promise<ApplyOutcome> => {
            const value = { type: 'item' as const, flags, bytes: Buffer.alloc(size, 'x') };
            return apply(provider, connectionId, { kind: 'create', key, value, ttl: { mode: 'keep' } });
          };
          await rejectsWith(create(largest + 1), 'VALIDATION_ERROR', 'invalid');
          assert.deepEqual(await create(largest), { status: 'applied' });
          assert.match(await peer.set(name, 'x'.repeat(largest + 1), flags), /too large/);
          await peer.ask(`delete ${name}\r\n`);
        }
      }
      peer.close();
      await provider.close();
      await server.stop();
    });
  }
});
