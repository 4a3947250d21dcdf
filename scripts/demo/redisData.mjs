import { Redis } from 'ioredis';
import { oddKeys } from './oddKeys.mjs';
import { seededRandom } from './random.mjs';
import { shopKeys } from './shopKeys.mjs';

const seed = 20250501;
const commandsAPipeline = 500;

/** Fills the databases 0, 1 and 3 of an empty Redis; gives the number of keys. */
export async function loadRedis(port) {
  const redis = new Redis({ port, host: '127.0.0.1', retryStrategy: () => null });
  try {
    const random = seededRandom(seed);
    await send(redis, shopKeys(random));
    await send(redis, oddKeys(random));
    const main = await redis.dbsize();
    await redis.select(1);
    await send(redis, featureKeys());
    const features = await redis.dbsize();
    await redis.select(3);
    await send(redis, jobKeys(random));
    return main + features + (await redis.dbsize());
  } finally {
    redis.disconnect();
  }
}

function* featureKeys() {
  for (let i = 1; i <= 40; i++) yield ['set', `feature:${i}:enabled`, String(i % 3 === 0)];
  yield ['hset', 'feature:limits', 'uploads', '25', 'requests', '1000'];
}

function* jobKeys(random) {
  for (let i = 1; i <= 12; i++)
    yield [
      'hset',
      `job:${i}`,
      'state',
      random.pick(['waiting', 'active', 'failed']),
      'attempts',
      String(i % 4),
    ];
}

async function send(redis, commands) {
  let batch = [];
  for (const command of commands) {
    batch.push(command);
    if (batch.length < commandsAPipeline) continue;
    await flush(redis, batch);
    batch = [];
  }
  await flush(redis, batch);
}

async function flush(redis, batch) {
  for (const [error] of (await redis.pipeline(batch).exec()) ?? []) if (error) throw error;
}
