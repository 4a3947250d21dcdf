import { Redis } from 'ioredis';
import { systemClock } from '../src/engine/kernel/clock';
import { KeyListing } from '../src/engine/keys/keyListing';
import { keyName } from '../src/engine/kernel/keyName';
import { redisFactory } from '../src/providers/redis/redisProvider';
import { startRedis } from '../test/helpers/cacheServer';
import { aProfile } from '../test/helpers/ports';
import { costOf, residentBytes, type Cost } from './eventLoop';
import { median, type Report } from './measure';
import { bareScan, fill, keys } from './millionKeys';

const rounds = 5;
const call = { timeoutMs: 10_000 };
const top = { prefix: keyName(Buffer.alloc(0)), delimiters: [':'], limit: 200 };

/** One million Redis keys through the provider into the tree, beside a bare SCAN loop of ioredis. */
export async function bench(report: Report): Promise<void> {
  const server = await startRedis({ args: ['--enable-debug-command', 'yes'] });
  const peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
  try {
    await fill(peer);
    const ours: (Cost & { firstPageMs: number; memory: number })[] = [];
    const bare: number[] = [];
    for (let round = 0; round < rounds; round++) {
      bare.push((await costOf(() => bareScan(peer))).ms);
      ours.push(await treeScan(server.port));
    }
    const tree = median(ours.map(({ ms }) => ms));
    report({
      metric: '1M keys into the tree',
      value: tree,
      unit: 'ms',
      floor: median(bare),
      budget: { of: 'ratio', atMost: 1.3 },
    });
    report({
      metric: 'first page',
      value: median(ours.map(({ firstPageMs }) => firstPageMs)),
      unit: 'ms',
      budget: { of: 'value', atMost: 150 },
    });
    report({
      metric: 'resident memory added',
      value: Math.max(...ours.map(({ memory }) => memory)) / 2 ** 20,
      unit: 'MiB',
      budget: { of: 'value', atMost: 150 },
    });
    report({
      metric: 'event loop delay p99',
      value: median(ours.map(({ loopP99Ms }) => loopP99Ms)),
      unit: 'ms',
      budget: { of: 'value', atMost: 16 },
    });
  } finally {
    peer.disconnect();
    await server.stop();
  }
}

async function treeScan(port: number): Promise<Cost & { firstPageMs: number; memory: number }> {
  const before = residentBytes();
  const provider = await redisFactory.open(
    { profile: aProfile(port), secrets: {}, db: 0, isReadOnly: () => true },
    call,
  );
  const listing = new KeyListing(
    0,
    { prefix: top.prefix },
    {
      budgetMs: () => Infinity,
      clock: systemClock,
      countKeys: () => provider.countKeys(call),
      scan: (request) => provider.scan(request, call),
    },
  );
  let firstPageMs = 0;
  const start = performance.now();
  const cost = await costOf(async () => {
    const first = new Promise<void>((resolve) => {
      const handle = listing.onChange(({ found }) => {
        if (found === 0) return;
        handle.dispose();
        resolve();
      });
    });
    const scan = listing.run();
    await first;
    await listing.level(top);
    firstPageMs = performance.now() - start;
    await scan;
    await listing.level(top);
  });
  const { found, state } = listing.progress;
  if (found !== keys || state !== 'complete')
    throw new Error(`The listing found ${found} keys and is ${state}`);
  const memory = residentBytes() - before;
  await provider.close();
  return { ...cost, firstPageMs, memory };
}
