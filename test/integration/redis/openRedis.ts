import { Redis } from 'ioredis';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import { redisFactory } from '../../../src/providers/redis/redisProvider';
import { type CacheServer, startRedis } from '../../helpers/cacheServer';
import { aProfile } from '../../helpers/ports';
import { call } from '../providerContract';

/** A server of the test's own, a client that plants and checks, and our provider. */
export interface OpenRedis {
  readonly server: CacheServer;
  readonly peer: Redis;
  readonly provider: CacheProvider;
  close(): Promise<void>;
}

/** Starts the server and opens both. */
export async function openRedis({ readOnly = false } = {}): Promise<OpenRedis> {
  const server = await startRedis();
  const peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
  const request = { profile: aProfile(server.port), secrets: {}, db: 0, isReadOnly: () => readOnly };
  const provider = await redisFactory.open(request, call);
  return {
    server,
    peer,
    provider,
    async close() {
      await provider.close();
      peer.disconnect();
      await server.stop();
    },
  };
}
