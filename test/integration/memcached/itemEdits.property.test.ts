import assert from 'node:assert/strict';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import type { Change } from '../../../src/engine/connections/change';
import { issuePermit } from '../../../src/engine/connections/writePermit';
import { inverseOf } from '../../../src/engine/values/undo';
import { memcachedFactory } from '../../../src/providers/memcached/memcachedProvider';
import { startMemcached, type CacheServer } from '../../helpers/cacheServer';
import { randomElement } from '../../helpers/elementModel';
import { aProfile } from '../../helpers/ports';
import { seededRandom, seedOfRun, type SeededRandom } from '../../helpers/random';
import { apply, call, readBytes } from '../providerContract';

const id = 'test-connection';
const cases = 150;
const seed = seedOfRun();
const keep = { mode: 'keep' } as const;

/** An item as a test sees it; `expiresAt` in seconds since the epoch. */
interface Item {
  readonly bytes: Buffer;
  readonly flags: number;
  readonly expiresAt: number | undefined;
  /** How often it was written: its time to live was read and written anew each time. */
  readonly writes: number;
}

describe(`Any edit of an item (seed ${seed})`, () => {
  let server: CacheServer;
  let provider: CacheProvider;
  let other: CacheProvider;

  before(async () => {
    server = await startMemcached();
    const profile = aProfile(server.port, { engine: 'memcached' });
    const open = () => memcachedFactory.open({ profile, secrets: {}, db: 0, isReadOnly: () => false }, call);
    [provider, other] = await Promise.all([open(), open()]);
  });
  after(async () => {
    await provider.close();
    await other.close();
    await server.stop();
  });

  it('writes content and flags and keeps the time to live, or is a conflict that changes nothing; its undo gives all back', async () => {
    const random = seededRandom(seed);
    const endings = { applied: 0, conflict: 0 };
    for (let i = 0; i < cases; i++) endings[await oneCase(random, i)]++;
    assert.ok(endings.applied > 50 && endings.conflict > 20, JSON.stringify(endings));
  });

  async function oneCase(random: SeededRandom, i: number): Promise<'applied' | 'conflict'> {
    const key = Buffer.from(`item:${i}`);
    const seen = await create(random, key);
    const cas = (await provider.describe(key, call))?.cas;
    assert.ok(cas);
    const [after, flags] = [randomElement(random), random.below(2 ** 32)];
    const change: Change = { kind: 'item.set', key, before: seen.bytes, after, cas, flags, ttl: keep };
    const there = random.chance(0.3) ? await meddle(random, key, seen) : seen;
    const outcome = await apply(provider, id, change);
    const context = `case ${i}: ${outcome.status}`;
    if (there !== seen) {
      assert.equal(outcome.status, 'conflict', context);
      await holds(key, there, context);
      return 'conflict';
    }
    assert.ok(outcome.status === 'applied', context);
    await holds(key, { ...seen, bytes: after, flags, writes: seen.writes + 1 }, context);
    const inverse = inverseOf(change, outcome, (await provider.describe(key, call))?.cas, seen.flags);
    assert.ok(inverse);
    assert.equal((await apply(provider, id, inverse)).status, 'applied', context);
    await holds(key, { ...seen, writes: seen.writes + 2 }, `undo of ${context}`);
    return 'applied';
  }

  async function create(random: SeededRandom, key: Buffer): Promise<Item> {
    const [bytes, flags] = [randomElement(random), random.below(2 ** 32)];
    const lives = random.pick([undefined, 1000, 40 * 86_400]);
    const expireAtMs = lives === undefined ? undefined : Date.now() + lives * 1000;
    const ttl = expireAtMs === undefined ? keep : ({ mode: 'set', expireAtMs } as const);
    const made = await apply(other, id, { kind: 'create', key, value: { type: 'item', bytes, flags }, ttl });
    assert.equal(made.status, 'applied');
    return { bytes, flags, expiresAt: expireAtMs === undefined ? undefined : expireAtMs / 1000, writes: 1 };
  }

  /** What another client does between the look and the edit: a set of its own, also of the same bytes, or a delete. */
  async function meddle(random: SeededRandom, key: Buffer, seen: Item): Promise<Item | undefined> {
    const cas = (await other.describe(key, call))?.cas ?? '';
    const bytes = random.chance(0.3) ? seen.bytes : randomElement(random);
    const theirs: Change = {
      kind: 'item.set',
      key,
      before: seen.bytes,
      after: bytes,
      cas,
      flags: 1,
      ttl: keep,
    };
    assert.equal((await apply(other, id, theirs)).status, 'applied');
    if (random.chance(0.8)) return { ...seen, bytes, flags: 1, writes: seen.writes + 1 };
    const { outcomes } = await other.remove([key], issuePermit(id, 'test'), call);
    assert.deepEqual(outcomes, ['affected']);
    return undefined;
  }

  async function holds(key: Buffer, item: Item | undefined, context: string): Promise<void> {
    const facts = await provider.describe(key, call);
    assert.deepEqual(await readBytes(provider, key), item?.bytes, context);
    assert.equal(facts?.flags, item?.flags, context);
    if (item?.expiresAt === undefined) {
      assert.equal(facts?.ttlMs, undefined, context);
      return;
    }
    const left = item.expiresAt - Date.now() / 1000;
    // whole seconds by a clock that ticks once a second: each write that keeps the time may meet another tick
    const apart = Math.abs((facts?.ttlMs ?? 0) / 1000 - left);
    assert.ok(apart <= 1 + item.writes, `${context}: ${facts?.ttlMs ?? 'none'}`);
  }
});
