import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ScanBatch, ScanRequest } from '../../../src/engine/connections/cacheProvider';
import { EngineError } from '../../../src/engine/kernel/errors';
import type { KeyName } from '../../../src/engine/kernel/keyName';
import { batchOfNames } from '../../../src/engine/kernel/nameBatch';
import { KeyListing, type KeyFilter, type ListingPorts } from '../../../src/engine/keys/keyListing';

const name = (text: string): KeyName => text as KeyName;
const everything: KeyFilter = { prefix: name('') };
const top = { prefix: name(''), delimiters: [':'], limit: 10_000 };
const lost = () => new EngineError('CONNECTION_FAILED', 'dropped', 'lost', { retryable: true });

/** Each batch of the servers below takes 10 ms. */
const clock = { ms: 0, monotonic: () => clock.ms };

/** A server whose SCAN gives these batches; a cursor is the number of the batch it continues with. */
function server(batches: readonly (readonly string[])[], onBatch: (batch: number) => void = () => undefined) {
  const requests: ScanRequest[] = [];
  async function* scan(request: ScanRequest): AsyncIterable<ScanBatch> {
    requests.push(request);
    for (let at = Number(request.cursor ?? 0); at < batches.length; at++) {
      await Promise.resolve();
      onBatch(at);
      clock.ms += 10;
      const cursor = at + 1 < batches.length ? { cursor: String(at + 1) } : {};
      yield {
        keys: batchOfNames((batches[at] ?? []).map(name)),
        examined: 10,
        ...cursor,
      };
    }
  }
  return { requests, scan };
}

function listing(ports: Partial<ListingPorts>, filter = everything): KeyListing {
  return new KeyListing(0, filter, {
    countKeys: () => Promise.resolve(30),
    budgetMs: () => 1000,
    clock,
    ...ports,
    scan: ports.scan ?? server([]).scan,
  });
}

const namesOf = (of: KeyListing): string[] => [...of.below(name(''))].sort();

describe('a key listing', () => {
  it('goes from idle over scanning to complete, and tells each batch', async () => {
    const subject = listing(server([['a', 'b'], [], ['c']]));
    const seen: string[] = [];
    subject.onChange(({ state, found, examined }) => seen.push(`${state} ${found}/${examined}`));
    assert.equal(subject.progress.state, 'idle');
    await subject.run();
    assert.deepEqual(seen, [
      'scanning 0/0',
      'scanning 2/10',
      'scanning 2/20',
      'scanning 3/30',
      'complete 3/30',
    ]);
    assert.deepEqual(subject.progress, { state: 'complete', found: 3, examined: 30, estimate: 30 });
  });

  it('counts a key that a scan returns again once', async () => {
    const subject = listing(
      server([
        ['a', 'b', 'a'],
        ['b', 'c'],
        ['c', 'a'],
      ]),
    );
    await subject.run();
    assert.equal(subject.progress.found, 3);
    assert.deepEqual(namesOf(subject), ['a', 'b', 'c']);
  });

  it('G18: stops at its budget with a cursor and goes on from there until nothing is left out', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.string({ maxLength: 3 })), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 40 }),
        async (batches, budget) => {
          const { scan, requests } = server(batches);
          const subject = listing({ scan, budgetMs: () => budget });
          for (let runs = 0; subject.progress.state !== 'complete'; runs++) {
            assert.ok(runs <= batches.length, subject.progress.state);
            await subject.run();
          }
          assert.deepEqual(namesOf(subject), [...new Set(batches.flat())].sort());
          const begun = requests.map(({ cursor }) => Number(cursor ?? 0));
          assert.deepEqual(begun, [...new Set(begun)], 'no batch is scanned twice');
        },
      ),
    );
  });

  it('is paused, not complete, when the budget is used up', async () => {
    const subject = listing({ ...server([['a'], ['b'], ['c']]), budgetMs: () => 20 });
    await subject.run();
    assert.deepEqual([subject.progress.state, subject.progress.found], ['paused', 2]);
    await subject.run();
    assert.deepEqual([subject.progress.state, subject.progress.found], ['complete', 3]);
  });

  it('keeps what it found when cancelled, and continues at the batch that was not taken', async () => {
    const { scan, requests } = server([['a'], ['b'], ['c']], (batch) => {
      if (batch === 1 && requests.length === 1) subject.cancel();
    });
    const subject = listing({ scan });
    await subject.run();
    assert.deepEqual([subject.progress.state, namesOf(subject)], ['cancelled', ['a']]);
    await subject.run();
    assert.deepEqual([subject.progress.state, namesOf(subject)], ['complete', ['a', 'b', 'c']]);
    assert.deepEqual(
      requests.map(({ cursor }) => cursor),
      [undefined, '1'],
    );
  });

  it('is never complete by a cancel, however its source answers one', async () => {
    const answers: (() => AsyncIterable<ScanBatch>)[] = [
      // eslint-disable-next-line require-yield -- a source that ends without a word
      async function* () {
        await Promise.resolve();
        subject.cancel();
      },
      // eslint-disable-next-line require-yield -- a source that rejects
      async function* () {
        await Promise.resolve();
        subject.cancel();
        throw new EngineError('TIMEOUT', 'cancelled', 'cancelled');
      },
    ];
    let subject = listing({});
    for (const scan of answers) {
      subject = listing({ scan });
      await subject.run();
      assert.equal(subject.progress.state, 'cancelled');
      assert.equal(subject.progress.cause, undefined);
    }
  });

  it('N5: starts at the beginning after a failure, because an old cursor may skip keys', async () => {
    let failing = true;
    const { scan, requests } = server([['a'], ['b'], ['c']], (batch) => {
      if (batch === 2 && failing) throw lost();
    });
    const subject = listing({ scan });
    await subject.run();
    assert.deepEqual([subject.progress.state, subject.progress.cause?.reason], ['failed', 'dropped']);
    assert.deepEqual(namesOf(subject), ['a', 'b']);
    failing = false;
    await subject.run();
    assert.equal(requests[1]?.cursor, undefined);
    assert.deepEqual(subject.progress, { state: 'complete', found: 3, examined: 30, estimate: 30 });
  });

  it('N5: starts at the beginning when the link was lost while paused', async () => {
    const { scan, requests } = server([['a'], ['b']]);
    const subject = listing({ scan, budgetMs: () => 10 });
    await subject.run();
    subject.forgetCursor();
    await subject.run();
    assert.equal(requests[1]?.cursor, undefined);
    assert.equal(subject.progress.found, 1);
  });

  it('N5: is not complete when the link was lost between two batches of a scan that runs', async () => {
    const { scan, requests } = server([['a'], ['b'], ['c']], (batch) => {
      if (batch === 1 && requests.length === 1) subject.forgetCursor();
    });
    const subject = listing({ scan });
    await subject.run();
    assert.deepEqual([subject.progress.state, subject.progress.cause?.reason], ['failed', 'dropped']);
    await subject.run();
    assert.deepEqual([requests[1]?.cursor, namesOf(subject)], [undefined, ['a', 'b', 'c']]);
  });

  it('goes on without a total where the keys may not be counted, and fails where the link is lost', async () => {
    for (const code of ['UNAUTHORIZED', 'NOT_SUPPORTED'] as const) {
      const refused = new EngineError(code, 'no-permission', 'DBSIZE');
      const subject = listing({ ...server([['a']]), countKeys: () => Promise.reject(refused) });
      await subject.run();
      assert.deepEqual([subject.progress.state, subject.progress.estimate], ['complete', undefined]);
    }
    const subject = listing({ ...server([['a']]), countKeys: () => Promise.reject(lost()) });
    await subject.run();
    assert.equal(subject.progress.state, 'failed');
  });

  it('joins a scan that runs, and scans nothing again when complete', async () => {
    const { scan, requests } = server([['a'], ['b']]);
    const subject = listing({ scan });
    await Promise.all([subject.run(), subject.run()]);
    await subject.run();
    assert.equal(requests.length, 1);
  });

  it('G42: makes no key of a cursor, and asks only for what the filter lets through', async () => {
    const { scan, requests } = server([['p[1]:12345', 'p[1]:2'], ['p[1]:3']]);
    const filter = { prefix: name('p[1]:'), pattern: name('1?*'), type: 'hash' };
    const subject = listing({ scan, budgetMs: () => 10 }, filter);
    await subject.run();
    await subject.run();
    const match = Buffer.from('p\\[1\\]:1?*');
    assert.deepEqual(requests, [
      { match, type: 'hash' },
      { match, type: 'hash', cursor: '1' },
    ]);
    assert.deepEqual(namesOf(subject), ['p[1]:12345', 'p[1]:2', 'p[1]:3']);
    assert.ok(
      subject.admits(name('p[1]:12345')) && !subject.admits(name('p[1]:2')) && !subject.admits(name('x1?')),
    );
  });

  it('takes note of keys made and deleted by the person', async () => {
    const subject = listing(server([['a', 'b']]));
    await subject.run();
    subject.note(name('a'), false);
    subject.note(name('__proto__'), true);
    subject.note(name('b'), true);
    assert.deepEqual([subject.progress.found, namesOf(subject)], [2, ['__proto__', 'b']]);
  });

  it('acts below a folder on exactly the keys that the folder counts', async () => {
    const subject = listing(server([['a:', 'a:1', 'a:b:2', 'a', 'b']]));
    await subject.run();
    const { entries } = await subject.level(top);
    const folder = entries.find((entry) => entry.kind === 'folder');
    const below = [...subject.below(name('a:'))];
    assert.deepEqual([folder?.count, below.length, below.sort()], [2, 2, ['a:1', 'a:b:2']]);
    const inside = await subject.level({ ...top, prefix: name('a:') });
    assert.equal(inside.count, 2, 'the key named like the folder stands beside it, not in it');
  });

  it('shows a key named exactly like the namespace it is in', async () => {
    const subject = listing(server([['app:', 'app:1']]), { prefix: name('app:') });
    await subject.run();
    const { entries, count } = await subject.level({ ...top, prefix: name('app:') });
    assert.deepEqual([count, entries.length, [...subject.below(name('app:'))].length], [2, 2, 2]);
  });
});
