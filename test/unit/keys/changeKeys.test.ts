import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { BulkOutcome, KeyOutcome } from '../../../src/engine/connections/cacheProvider';
import { EngineError } from '../../../src/engine/kernel/errors';
import type { KeyName } from '../../../src/engine/kernel/keyName';
import { removeKeys, setTtlOfKeys, type BulkReport } from '../../../src/engine/keys/changeKeys';
import { rejectsWith } from '../../helpers/rejects';
import { aRequest, gateOver, lost } from './writeFixture';

const names = (count: number): KeyName[] => Array.from({ length: count }, (_, i) => `k${i}\xff` as KeyName);
const all = (keys: readonly Buffer[], outcome: KeyOutcome): BulkOutcome => ({
  outcomes: keys.map(() => outcome),
  ...(outcome === 'failed' || outcome === 'unknown' ? { error: lost } : {}),
});
const denied = new EngineError('UNAUTHORIZED', 'read-only', 'now read-only');

/** A server that treats batch after batch like this; the last way stays. */
async function serverWith(...ways: (KeyOutcome | EngineError | (() => KeyOutcome))[]) {
  const batches: (readonly Buffer[])[] = [];
  const answer = (keys: readonly Buffer[]): Promise<BulkOutcome> => {
    const way = ways[Math.min(batches.push(keys), ways.length) - 1] ?? 'affected';
    if (way instanceof EngineError) return Promise.reject(way);
    return Promise.resolve(all(keys, typeof way === 'function' ? way() : way));
  };
  return { batches, ...(await gateOver({ remove: answer, setTtl: answer })) };
}

const sum = ({ affected, absent, failed, unknown }: BulkReport): number =>
  affected + absent + failed + unknown;

describe('a bulk change', () => {
  it('sends every key once, in batches, and reports each', async () => {
    const { gate, batches, statuses } = await serverWith();
    const keys = names(1203);
    const told: KeyName[] = [];
    const progress: number[] = [];
    const report = await removeKeys(gate, aRequest(), keys, {
      onKey: (key) => told.push(key),
      onProgress: (so) => progress.push(sum(so)),
    });
    assert.deepEqual(report, {
      total: 1203,
      affected: 1203,
      absent: 0,
      failed: 0,
      unknown: 0,
      cancelled: false,
    });
    assert.deepEqual([told, progress], [keys, [500, 1000, 1203]]);
    assert.deepEqual(
      batches.flat().map((key) => key.toString('latin1')),
      keys,
    );
    assert.deepEqual(await statuses(), ['success']);
  });

  it('adds up to its total unless cancelled, whatever becomes of the keys', async () => {
    const outcome = fc.constantFrom<KeyOutcome[]>('affected', 'absent', 'failed', 'unknown');
    const some = fc.array(outcome, { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.nat(2000), some, fc.nat(6), async (count, pattern, cancelAfter) => {
        const abort = new AbortController();
        let batches = 0;
        const { gate } = await gateOver({
          remove: (keys) => {
            if (++batches === cancelAfter) abort.abort();
            return Promise.resolve({ outcomes: keys.map((_, i) => pattern[i % pattern.length] ?? 'failed') });
          },
        });
        const report = await removeKeys(gate, aRequest(), names(count), { signal: abort.signal });
        if (report.cancelled) assert.ok(sum(report) < count);
        else assert.equal(sum(report), count);
      }),
      { numRuns: 50 },
    );
  });

  it('G10: stops at a lost link, and reports the rest as not changed', async () => {
    const { gate, batches, statuses } = await serverWith('affected', 'unknown');
    const told: KeyOutcome[] = [];
    const keys = names(2000);
    const report = await removeKeys(gate, aRequest(), keys, { onKey: (_, outcome) => told.push(outcome) });
    const { affected, unknown, failed, error } = report;
    assert.deepEqual([affected, unknown, failed, error, batches.length], [500, 500, 1000, lost, 2]);
    assert.equal(told.length, 1000, 'only keys that were tried are told');
    assert.deepEqual(await statuses(), ['unknown']);
  });

  it('keeps the report of what was changed when a later batch is refused', async () => {
    const { gate, statuses } = await serverWith('affected', denied);
    const report = await removeKeys(gate, aRequest(), names(1200), {});
    assert.deepEqual([report.affected, report.failed, report.error], [500, 700, denied]);
    assert.deepEqual(await statuses(), ['error']);
  });

  it('rejects when the first batch is refused, because nothing was changed', async () => {
    const { gate, statuses } = await serverWith(denied);
    await rejectsWith(removeKeys(gate, aRequest(), names(3), {}), 'UNAUTHORIZED', 'read-only');
    assert.deepEqual(await statuses(), ['error']);
  });

  it('stops within one batch when cancelled, and changes nothing when cancelled before', async () => {
    const abort = new AbortController();
    const { gate, batches } = await serverWith(() => {
      abort.abort();
      return 'affected';
    });
    const report = await removeKeys(gate, aRequest(), names(2000), { signal: abort.signal });
    assert.deepEqual([report.affected, report.cancelled, batches.length], [500, true, 1]);
    const none = await removeKeys(gate, aRequest(), names(5), { signal: AbortSignal.abort() });
    assert.deepEqual([sum(none), none.cancelled, batches.length], [0, true, 1]);
  });

  it('goes on past keys that fail alone, and past keys that were gone', async () => {
    const { gate } = await gateOver({
      setTtl: (keys) =>
        Promise.resolve({ outcomes: keys.map((_, i) => (i === 0 ? 'failed' : 'absent')), error: lost }),
    });
    const report = await setTtlOfKeys(gate, aRequest(), names(1500), { mode: 'remove' }, {});
    assert.deepEqual([report.failed, report.absent, report.error], [3, 1497, lost]);
  });

  it('G30: deletes nothing twice when the same submission comes again', async () => {
    const { gate, batches } = await serverWith();
    const request = aRequest();
    const reports = await Promise.all([1, 2].map(() => removeKeys(gate, request, names(10), {})));
    assert.deepEqual([reports[0], batches.length], [reports[1], 1]);
  });
});
