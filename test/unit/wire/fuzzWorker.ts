import { Buffer } from 'node:buffer';
import { parentPort, workerData } from 'node:worker_threads';
import { fuzzDump, fuzzMemcached, fuzzMemcachedCuts } from './fuzzMemcached';
import { fuzzPackets } from './fuzzPackets';
import { fuzzRedis, fuzzRedisCuts } from './fuzzRedis';

/** What a worker is to try: one reader, from a seed on. */
export interface FuzzOrder {
  readonly reader: keyof typeof readers;
  readonly seed: number;
  readonly count: number;
}

/** What it tells: which seed comes next, so that one that never ends is known, and how a seed failed. */
export type FuzzReport = { readonly seed: number } | { readonly failure: string };

const readers = {
  redis: fuzzRedis,
  'redis cut anywhere': fuzzRedisCuts,
  memcached: fuzzMemcached,
  'memcached cut anywhere': fuzzMemcachedCuts,
  dump: fuzzDump,
  packets: fuzzPackets,
};

/** Bytes that one seed may have put together anew: a reader that begins again with each chunk does so by its square. */
const mostCopied = 4 * 1024 * 1024;
let copied = 0;
const concat = Buffer.concat.bind(Buffer);
Buffer.concat = (list, length) => {
  const whole = concat(list, length);
  copied += whole.length;
  return whole;
};

async function run({ reader, seed, count }: FuzzOrder): Promise<void> {
  for (let one = seed; one < seed + count; one++) {
    tell({ seed: one });
    copied = 0;
    try {
      await readers[reader](one);
      if (copied > mostCopied && count > 1) throw new Error(`${copied} bytes were put together anew`);
    } catch (thrown) {
      tell({ failure: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) });
      return;
    }
  }
}

function tell(report: FuzzReport): void {
  parentPort?.postMessage(report);
}

void run(workerData as FuzzOrder);
