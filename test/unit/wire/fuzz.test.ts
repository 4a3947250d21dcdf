import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FuzzOrder, FuzzReport } from './fuzzWorker';

/** Of the heap of a reader, mebibytes: what hostile bytes may cost, and the programs and samples themselves. */
const heap = 64 + 32;
/** A reader that has not ended by then never will: a seed takes a millisecond. */
const hangsAfterMs = 50_000;
/** The first seed: CACHIFY_SEED repeats a failure, and a round with more seeds begins where this one ends. */
const firstSeed = Number(process.env['CACHIFY_SEED'] ?? 1);

/** Runs an order in a thread of its own, so that neither a hang nor a full heap takes the tests with it. */
async function survives(order: FuzzOrder): Promise<void> {
  let seed = order.seed;
  const worker = new Worker(join(__dirname, 'fuzzWorker.js'), {
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: heap },
  });
  const ended = new Promise<string | undefined>((resolve) => {
    const timer = setTimeout(() => {
      end('it does not end');
    }, hangsAfterMs);
    const end = (failure?: string): void => {
      clearTimeout(timer);
      resolve(failure);
    };
    worker.on('message', (report: FuzzReport) => {
      if ('seed' in report) ({ seed } = report);
      else end(report.failure);
    });
    worker.on('error', (error) => {
      end(error.message);
    });
    worker.on('exit', () => {
      end();
    });
  });
  const failure = await ended;
  await worker.terminate();
  assert.equal(failure, undefined, `${order.reader}, CACHIFY_SEED=${seed}: ${failure}`);
  assert.equal(seed, order.seed + order.count - 1);
}

describe('Replies that are real but for one change', () => {
  const orders: readonly (readonly [FuzzOrder['reader'], number])[] = [
    ['redis', 2000],
    ['memcached', 2000],
    ['dump', 3000],
    ['packets', 3000],
    ['redis cut anywhere', 1],
    ['memcached cut anywhere', 1],
  ];
  for (const [reader, count] of orders) {
    it(`are read as they are, or refused, in bounds: ${reader}, ${count} times`, () =>
      survives({ reader, seed: firstSeed, count })).timeout(60_000);
  }
});
