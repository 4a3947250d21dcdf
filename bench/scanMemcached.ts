import { once } from 'node:events';
import { createConnection } from 'node:net';
import { systemClock } from '../src/engine/kernel/clock';
import { KeyListing } from '../src/engine/keys/keyListing';
import { keyName } from '../src/engine/kernel/keyName';
import { memcachedFactory } from '../src/providers/memcached/memcachedProvider';
import { startMemcached } from '../test/helpers/cacheServer';
import { MemcachedPeer } from '../test/helpers/memcachedPeer';
import { aProfile } from '../test/helpers/ports';
import { costOf, type Cost } from './eventLoop';
import { median, type Report } from './measure';

const items = 1_000_000;
const rounds = 5;
const call = { timeoutMs: 10_000 };

/** One million Memcached items from the dump into the tree, beside a bare read of the same dump from a socket. */
export async function bench(report: Report): Promise<void> {
  const server = await startMemcached({ args: ['-m', '512'] });
  const peer = await MemcachedPeer.connect(server.port);
  try {
    for (let start = 0; start < items; start += 10_000) {
      await peer.fill(10_000, (i) => `shop:user:${String(start + i).padStart(10, '0')}:attributes`);
    }
    const ours: Cost[] = [];
    const bare: number[] = [];
    for (let round = 0; round < rounds; round++) {
      bare.push((await costOf(() => bareDump(server.port))).ms);
      ours.push(await treeDump(server.port));
    }
    const tree = median(ours.map(({ ms }) => ms));
    report({
      metric: '1M items into the tree',
      value: tree,
      unit: 'ms',
      floor: median(bare),
      budget: { of: 'ratio', atMost: 1.4 },
    });
    report({
      metric: 'event loop delay p99',
      value: median(ours.map(({ loopP99Ms }) => loopP99Ms)),
      unit: 'ms',
      budget: { of: 'value', atMost: 16 },
    });
  } finally {
    peer.close();
    await server.stop();
  }
}

async function bareDump(port: number): Promise<void> {
  const socket = createConnection(port, '127.0.0.1');
  socket.write('lru_crawler metadump hash\r\n');
  let tail = '';
  socket.on('data', (chunk: Buffer) => {
    tail = chunk.toString('latin1', Math.max(0, chunk.length - 5));
    if (tail === 'END\r\n') socket.destroy();
  });
  await once(socket, 'close');
  if (tail !== 'END\r\n') throw new Error('The dump was cut short');
}

async function treeDump(port: number): Promise<Cost> {
  const profile = aProfile(port, { engine: 'memcached' });
  const provider = await memcachedFactory.open({ profile, secrets: {}, db: 0, isReadOnly: () => true }, call);
  const prefix = keyName(Buffer.alloc(0));
  const listing = new KeyListing(
    0,
    { prefix },
    {
      budgetMs: () => Infinity,
      clock: systemClock,
      countKeys: () => provider.countKeys(call),
      scan: (request) => provider.scan(request, call),
    },
  );
  const cost = await costOf(async () => {
    await listing.run();
    await listing.level({ prefix, delimiters: [':'], limit: 200 });
  });
  await provider.close();
  const { found, state } = listing.progress;
  if (found !== items || state !== 'complete')
    throw new Error(`The listing found ${found} items and is ${state}`);
  return cost;
}
