// A client in a process of its own, whose memory can be told: node hungryClient.js <engine> <port>
import { redisFactory } from '../../src/providers/redis/redisProvider';
import { MemcachedLink } from '../../src/providers/memcached/memcachedLink';
import { metaParser } from '../../src/providers/memcached/replies';
import { toEngineError } from '../../src/engine/kernel/errors';
import { aProfile } from './ports';

/** What it tells its parent: how the one read ended, and by how many bytes its memory was larger at most. */
export interface HungryReport {
  readonly ended: string;
  readonly grown: number;
}

const call = { timeoutMs: 20_000 };

async function reader(engine: 'redis' | 'memcached', port: number): Promise<() => Promise<unknown>> {
  const profile = aProfile(port, { engine });
  if (engine === 'memcached') {
    const endpoint = { kind: 'tcp', host: '127.0.0.1', port } as const;
    const link = new MemcachedLink({ endpoint, profile, secrets: {} });
    await link.open(call);
    return () => link.send('mg k v\r\n', metaParser, call);
  }
  const provider = await redisFactory.open({ profile, secrets: {}, db: 0, isReadOnly: () => false }, call);
  const field = { kind: 'hash', field: Buffer.from('f') } as const;
  return () => provider.readElement(Buffer.from('k'), field, call);
}

async function run(engine: string | undefined, port: number): Promise<void> {
  const read = await reader(engine === 'memcached' ? 'memcached' : 'redis', port);
  const before = process.memoryUsage().rss;
  let ended = 'read';
  try {
    await read();
  } catch (thrown) {
    ended = toEngineError(thrown).reason;
  }
  const report: HungryReport = { ended, grown: process.resourceUsage().maxRSS * 1024 - before };
  process.send?.(report, () => {
    process.exit();
  });
}

void run(process.argv[2], Number(process.argv[3]));
