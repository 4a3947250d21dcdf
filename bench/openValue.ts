import { Redis } from 'ioredis';
import type { CacheProvider } from '../src/engine/connections/cacheProvider';
import { openValue } from '../src/engine/keys/openValue';
import { redisFactory } from '../src/providers/redis/redisProvider';
import { startRedis } from '../test/helpers/cacheServer';
import { aProfile } from '../test/helpers/ports';
import { costOf } from './eventLoop';
import { median, type Budget, type Report } from './measure';

const elements = 1_000_000;
const stringBytes = 100 * 1000 * 1000;
const rounds = 15;
const call = { timeoutMs: 10_000 };

/** A key, and the one command that gives its first page. */
interface Subject {
  readonly key: string;
  readonly metric: string;
  readonly fill: (peer: Redis) => Promise<unknown>;
  readonly bare: (peer: Redis) => Promise<unknown>;
}

const subjects: readonly Subject[] = [
  {
    key: 'hash',
    metric: 'first page of a hash of 1M fields',
    fill: (peer) => inBatches((i) => [`field:${i}`, `value ${i}`], (flat) => peer.hset('hash', ...flat)),
    bare: (peer) => peer.callBuffer('HSCAN', 'hash', '0', 'COUNT', 200),
  },
  {
    key: 'list',
    metric: 'first page of a list of 1M elements',
    fill: (peer) => inBatches((i) => [`element ${i}`], (flat) => peer.rpush('list', ...flat)),
    bare: (peer) => peer.callBuffer('LRANGE', 'list', 0, 199),
  },
  {
    key: 'string',
    metric: 'first page of a string of 100 MB',
    fill: (peer) => peer.setrange('string', stringBytes - 1, 'x'),
    bare: (peer) => peer.callBuffer('GETRANGE', 'string', 0, 65_535),
  },
]; // prettier-ignore

/** Opening large values through the provider, beside the one bare command of ioredis, turn about. */
export async function bench(report: Report): Promise<void> {
  const server = await startRedis();
  const peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
  const request = { profile: aProfile(server.port), secrets: {}, db: 0, isReadOnly: () => true };
  const provider = await redisFactory.open(request, call);
  try {
    for (const subject of subjects) {
      await subject.fill(peer);
      await measure(subject, peer, provider, report);
    }
  } finally {
    await provider.close();
    peer.disconnect();
    await server.stop();
  }
}

async function measure(
  { key, metric, bare }: Subject,
  peer: Redis,
  provider: CacheProvider,
  report: Report,
): Promise<void> {
  const ours: number[] = [];
  const floors: number[] = [];
  for (let round = 0; round < rounds; round++) {
    floors.push((await costOf(() => done(bare(peer)))).ms);
    ours.push((await costOf(() => opened(provider, Buffer.from(key)))).ms);
  }
  const [value, floor] = [median(ours), median(floors)];
  report({ metric, value, unit: 'ms', floor, budget: budgetFor(value, floor) });
}

/** Twice the bare command; below 50 ms nobody waits, whatever the ratio. */
function budgetFor(value: number, floor: number): Budget {
  return value / floor <= 2 ? { of: 'ratio', atMost: 2 } : { of: 'value', atMost: 50 };
}

async function opened(provider: CacheProvider, key: Buffer): Promise<void> {
  const { page } = await openValue(provider, key, call);
  const size = page?.kind === 'bytes' ? page.bytes.length : page && 'rows' in page ? page.rows.length : 0;
  if (size < 200) throw new Error(`The page holds only ${size}`);
}

async function done(work: Promise<unknown>): Promise<void> {
  await work;
}

async function inBatches(
  element: (i: number) => readonly string[],
  send: (flat: readonly string[]) => Promise<unknown>,
): Promise<void> {
  const size = 10_000;
  for (let start = 0; start < elements; start += size)
    await send(Array.from({ length: size }, (_, i) => element(start + i)).flat());
}
