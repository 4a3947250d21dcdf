import cacheServer from '../../out/test/helpers/cacheServer.js';
import { loadMemcached } from './memcachedData.mjs';
import { loadRedis } from './redisData.mjs';
import { step } from './steps.mjs';

/** Starts a Redis and a Memcached of our own on free loopback ports and fills them; `lifetime` stops them. */
export async function startDemoServers(lifetime) {
  const { startRedis, startMemcached } = cacheServer;
  const retry = 'look at what the server printed; npm start again chooses other ports.';
  const stop = (server) => server.stop();
  const redis = await step('Starting Redis', retry, () => lifetime.own('Redis', () => startRedis(), stop));
  const memcached = await step('Starting Memcached', retry, () =>
    lifetime.own('Memcached', () => startMemcached(), stop),
  );
  await step('Loading demo data', retry, async () => {
    const [keys, items] = [await loadRedis(redis.port), await loadMemcached(memcached.port)];
    return `${keys} keys in Redis on port ${redis.port}, ${items} items in Memcached on port ${memcached.port}`;
  });
  return { redisPort: redis.port, memcachedPort: memcached.port };
}
