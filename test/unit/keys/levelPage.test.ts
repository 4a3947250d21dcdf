import assert from 'node:assert/strict';
import fc from 'fast-check';
import { keyName, type KeyName } from '../../../src/engine/kernel/keyName';
import { KeyBag } from '../../../src/engine/keys/keyBag';
import { Level, levelPage, type LevelEntry, type LevelRequest } from '../../../src/engine/keys/levelPage';

const keyLike = fc.string({
  unit: fc.constantFrom('a', 'b', ':', '/', '\0', '\xff'),
  maxLength: 8,
}) as fc.Arbitrary<KeyName>;
const request = fc.record({
  prefix: fc.constantFrom('', 'a:', 'a', 'b/', ':', 'a:b:') as fc.Arbitrary<KeyName>,
  delimiters: fc.subarray([':', '/', '\0']),
  includesPrefix: fc.boolean(),
});

function bagOf(names: Iterable<KeyName>): KeyBag {
  const bag = new KeyBag();
  for (const name of names) bag.add(name);
  return bag;
}

/** The whole level, found the slow way: every name is looked at letter by letter. */
function model(
  names: readonly KeyName[],
  { prefix, delimiters, includesPrefix }: Omit<LevelRequest, 'limit'>,
) {
  const below = [...new Set(names)].filter(
    (name) => name.startsWith(prefix) && (name !== prefix || includesPrefix === true),
  );
  const folders = new Map<string, number>();
  const keys: string[] = [];
  for (const name of below) {
    const inner = Array.from(name.slice(prefix.length));
    const at = inner.findIndex((letter) => delimiters.includes(letter));
    if (at < 0 || at === inner.length - 1) keys.push(name);
    else {
      const folder = prefix + inner.slice(0, at + 1).join('');
      folders.set(folder, (folders.get(folder) ?? 0) + 1);
    }
  }
  const entries = [
    ...[...folders].sort().map(([folder, count]) => ({ kind: 'folder', prefix: folder, count })),
    ...keys.sort().map((key) => ({ kind: 'key', key })),
  ];
  return { entries, count: below.length };
}

describe('a level of the tree', () => {
  it('shows the entries and counts of a naive model', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(keyLike, { maxLength: 80 }), request, async (names, wanted) => {
        const expected = model(names, wanted);
        const page = await levelPage(bagOf(names), { ...wanted, limit: 1000 });
        assert.deepEqual(page, { ...expected, hasMore: false });
      }),
      { numRuns: 1000 },
    );
  });

  it('shows every entry exactly once while its limit grows, and says when there is more', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(keyLike, { minLength: 1, maxLength: 60 }),
        request,
        fc.integer({ min: 1, max: 7 }),
        async (names, wanted, step) => {
          const { entries } = model(names, wanted);
          for (let limit = step; ; limit += step) {
            const page = await levelPage(bagOf(names), { ...wanted, limit });
            assert.deepEqual(page.entries, entries.slice(0, limit));
            assert.equal(page.hasMore, entries.length > limit);
            if (!page.hasMore) break;
          }
        },
      ),
    );
  });

  it('adds up: names of a level are its keys and what its folders count', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(keyLike, { maxLength: 80 }), async (names) => {
        const bag = bagOf(names);
        const walk = async (prefix: KeyName, includesPrefix: boolean): Promise<KeyName[]> => {
          const page = await levelPage(bag, { prefix, delimiters: [':', '/'], limit: 1000, includesPrefix });
          const below = await Promise.all(page.entries.map(namesOf));
          assert.equal(below.flat().length, page.count);
          return below.flat();
        };
        const namesOf = async (entry: LevelEntry): Promise<KeyName[]> => {
          if (entry.kind === 'key') return [entry.key];
          const below = await walk(entry.prefix, false);
          assert.equal(below.length, entry.count, 'a folder holds what it counts');
          return below;
        };
        assert.deepEqual((await walk('' as KeyName, true)).sort(), [...new Set(names)].sort());
      }),
    );
  });

  it('G57: pages through 200,000 keys of one flat level without holding or losing any', async () => {
    const total = 200_000;
    const bag = new KeyBag();
    for (let i = 0; i < total; i++) bag.add(keyName(Buffer.from(`k${(i * 7919) % total}`)));
    const flat = { prefix: '' as KeyName, delimiters: [':'] };
    const sorted = Array.from({ length: total }, (_, i) => `k${i}`).sort();
    for (const limit of [200, 400, 1000]) {
      const page = await levelPage(bag, { ...flat, limit });
      assert.deepEqual(
        page.entries.map((entry) => entry.kind === 'key' && entry.key),
        sorted.slice(0, limit),
      );
      assert.deepEqual([page.hasMore, page.count], [true, total]);
    }
    const last = await levelPage(bag, { ...flat, limit: total });
    assert.deepEqual([last.entries.length, last.hasMore], [total, false]);
  });

  it('asked for again and again while names arrive shows each time what is there by then', async () => {
    const portions = fc.array(fc.array(keyLike, { maxLength: 30 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(portions, request, fc.integer({ min: 1, max: 5 }), async (arriving, wanted, limit) => {
        const bag = new KeyBag();
        const level = new Level(bag, { ...wanted, limit });
        for (const [i] of arriving.entries()) {
          for (const name of arriving[i] ?? []) bag.add(name);
          const { entries, count } = model(arriving.slice(0, i + 1).flat(), wanted);
          const page = await level.page();
          assert.deepEqual([page.entries, page.count], [entries.slice(0, limit), count]);
          assert.equal(page.hasMore, entries.length > limit);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('of 100,000 folders counts those of its page, and keeps no others', async () => {
    const bag = new KeyBag();
    const level = new Level(bag, { prefix: '' as KeyName, delimiters: [':'], limit: 200 });
    for (let i = 0; i < 100_000; i++) {
      const folder = String((i * 7919) % 100_000).padStart(6, '0');
      for (const key of ['a', 'b']) bag.add(`${folder}:${key}` as KeyName);
      if (i % 20_000 === 0) await level.page();
    }
    const page = await level.page();
    const expected = Array.from({ length: 200 }, (_, i) => [`${String(i).padStart(6, '0')}:`, 2]);
    assert.deepEqual(
      page.entries.map((entry) => entry.kind === 'folder' && [entry.prefix, entry.count]),
      expected,
    );
    assert.deepEqual([page.hasMore, page.count], [true, 200_000]);
  });

  it('gives the event loop a turn while it works through many names', async () => {
    const bag = new KeyBag();
    for (let i = 0; i < 300_000; i++) bag.add(`${i % 100}:${i}` as KeyName);
    let turns = 0;
    const count = setInterval(() => turns++, 0);
    await levelPage(bag, { prefix: '' as KeyName, delimiters: [':'], limit: 200 });
    clearInterval(count);
    assert.ok(turns > 0);
  });

  it('stops when nobody waits for it any more', async () => {
    const bag = new KeyBag();
    for (let i = 0; i < 300_000; i++) bag.add(`${i}` as KeyName);
    const wanted = { prefix: '' as KeyName, delimiters: [':'], limit: 10 };
    const page = await levelPage(bag, wanted, AbortSignal.abort());
    assert.ok(page.count < bag.size, 'it did not look at every name');
  });
});

describe('a bag of names', () => {
  it('counts and keeps names as a set does', () => {
    const step = fc.tuple(keyLike, fc.boolean());
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const bag = new KeyBag();
        const set = new Set<KeyName>();
        for (const [name, add] of steps) {
          if (add) {
            bag.add(name);
            set.add(name);
          } else assert.equal(bag.delete(name), set.delete(name));
          assert.equal(bag.size, set.size);
        }
        assert.deepEqual([...bag.pieces()].flatMap((piece) => [...piece]).sort(), [...set].sort());
      }),
    );
  });

  it('keeps names of every length, around the size of its chunks too', () => {
    const lengths = [0, 1, 3, 60_000, 262_139, 262_140, 262_141, 400_000, 2, 131_068, 131_068, 5];
    const bag = new KeyBag();
    const names = lengths.map((length, i) => `${i}`.padEnd(length, 'x').slice(0, length) as KeyName);
    const distinct = new Set(names);
    for (const name of [...names, ...names]) bag.add(name);
    assert.deepEqual(new Set([...bag.pieces()].flatMap((piece) => [...piece])), distinct);
    assert.equal(bag.size, distinct.size);
    for (const name of distinct) assert.deepEqual([bag.delete(name), bag.delete(name)], [true, false]);
    assert.deepEqual([bag.size, [...bag.pieces()].flatMap((piece) => [...piece])], [0, []]);
  });

  it('gives a walk the names that arrive while it is under way, in the chunk it is at and in the next', () => {
    const bag = new KeyBag();
    const all = Array.from({ length: 20_000 }, (_, i) => `shop:${String(i).padStart(40, '0')}` as KeyName);
    const seen: KeyName[] = [];
    let arrived = 0;
    const take = (count: number): void => {
      for (const name of all.slice(arrived, arrived + count)) bag.add(name);
      arrived += count;
    };
    take(10);
    for (const piece of bag.pieces()) {
      seen.push(...piece);
      take(6000);
    }
    assert.deepEqual(seen, all);
  });

  it('finds a name again after its neighbours were deleted and its tables grew', () => {
    const bag = new KeyBag();
    const all = Array.from({ length: 50_000 }, (_, i) => `user:${i}` as KeyName);
    for (const name of all) bag.add(name);
    for (let i = 0; i < all.length; i += 2) assert.ok(bag.delete(all[i] as KeyName));
    for (const name of all) bag.add(name);
    assert.equal(bag.size, all.length);
    assert.equal(new Set([...bag.pieces()].flatMap((piece) => [...piece])).size, all.length);
  });
});
