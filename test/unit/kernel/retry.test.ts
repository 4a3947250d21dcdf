import assert from 'node:assert/strict';
import { mock } from 'node:test';
import fc from 'fast-check';
import { EngineError } from '../../../src/engine/kernel/errors';
import { backoff, withRetry } from '../../../src/engine/kernel/retry';
import { rejectsWith } from '../../helpers/rejects';

const random = (next: number) => ({ id: () => 'id', next: () => next });
const lost = () => new EngineError('CONNECTION_FAILED', 'dropped', 'lost', { retryable: true });
const rule = (maxAttempts: number) => ({ maxAttempts, backoffMs: 0, backoffStrategy: 'fixed' }) as const;

describe('the wait before a further attempt', () => {
  const anyRule = fc.record({
    maxAttempts: fc.constant(10),
    backoffMs: fc.nat(120_000),
    backoffStrategy: fc.constantFrom('fixed', 'exponential'),
  });
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  it('is the wait of the profile with jitter on the upper half, when fixed', () => {
    fc.assert(
      fc.property(fc.nat(120_000), fc.integer({ min: 1, max: 40 }), chance, (backoffMs, attempt, next) => {
        const ms = backoff({ maxAttempts: 9, backoffMs, backoffStrategy: 'fixed' }, attempt, random(next));
        assert.ok(ms >= Math.floor(backoffMs / 2) && ms <= backoffMs, `${ms} of ${backoffMs}`);
      }),
    );
  });

  it('never exceeds 30 s by doubling, and never falls below half of what was asked for', () => {
    fc.assert(
      fc.property(anyRule, fc.integer({ min: 1, max: 40 }), chance, (anyOf, attempt, next) => {
        const ms = backoff(anyOf, attempt, random(next));
        assert.ok(
          ms >= Math.floor(anyOf.backoffMs / 2) && ms <= Math.max(30_000, anyOf.backoffMs),
          String(ms),
        );
      }),
    );
  });

  it('doubles with each attempt', () => {
    const doubling = { maxAttempts: 9, backoffMs: 100, backoffStrategy: 'exponential' } as const;
    const waits = [1, 2, 3, 4].map((attempt) => backoff(doubling, attempt, random(0)));
    assert.deepEqual(waits, [50, 100, 200, 400]);
  });
});

describe('a retried read', () => {
  it('tells how many attempts it took', async () => {
    let calls = 0;
    const result = await withRetry(rule(3), random(0), undefined, (attempt) => {
      calls++;
      return attempt < 3 ? Promise.reject(lost()) : Promise.resolve('value');
    });
    assert.deepEqual([result, calls], [{ value: 'value', attempts: 3 }, 3]);
  });

  it('gives up after the attempts of the rule, with the last failure', async () => {
    let calls = 0;
    await rejectsWith(
      withRetry(rule(4), random(0), undefined, () => {
        calls++;
        return Promise.reject(lost());
      }),
      'CONNECTION_FAILED',
      'dropped',
    );
    assert.equal(calls, 4);
  });

  it('is tried once when the failure is final, or is a defect', async () => {
    for (const thrown of [new EngineError('UNAUTHORIZED', 'wrong-password', 'no'), new TypeError('defect')]) {
      let calls = 0;
      const work = withRetry(rule(5), random(0), undefined, () => {
        calls++;
        throw thrown;
      });
      await assert.rejects(work);
      assert.equal(calls, 1);
    }
  });

  it('is not tried again once cancelled, not even after the wait', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const abort = new AbortController();
    let calls = 0;
    const slow = { maxAttempts: 5, backoffMs: 1000, backoffStrategy: 'fixed' } as const;
    const work = withRetry(slow, random(0), abort.signal, () => {
      calls++;
      return Promise.reject(lost());
    });
    const end = rejectsWith(work, 'CONNECTION_FAILED', 'dropped');
    await new Promise(setImmediate);
    abort.abort();
    await end;
    mock.timers.reset();
    assert.equal(calls, 1);
  });
});
