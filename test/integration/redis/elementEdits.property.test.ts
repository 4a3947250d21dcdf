import assert from 'node:assert/strict';
import type { Redis } from 'ioredis';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import type { Applied, Change } from '../../../src/engine/connections/change';
import { inverseOf } from '../../../src/engine/values/undo';
import { contentOnServer, putContent, textOf } from '../../helpers/contentOnServer';
import {
  editedContent, elementTypes, fittingEdits, isEmpty, randomContent, type Content, type ElementType,
} from '../../helpers/elementModel'; // prettier-ignore
import { seededRandom, seedOfRun, type SeededRandom } from '../../helpers/random';
import { apply, call } from '../providerContract';
import { type OpenRedis, openRedis } from './openRedis';

const id = 'test-connection';
const casesPerType = 100;
const seed = seedOfRun();

describe(`Any edit of elements (seed ${seed})`, () => {
  let redis: OpenRedis;
  let peer: Redis;
  let provider: CacheProvider;

  before(async () => {
    redis = await openRedis();
    ({ peer, provider } = redis);
  });
  after(() => redis.close());

  for (const type of elementTypes) {
    it(`of a ${type} gives what the model gives, or is a conflict that changes nothing; its undo gives all back`, async () => {
      const random = seededRandom(seed + elementTypes.indexOf(type));
      const endings = { applied: 0, conflict: 0, emptied: 0 };
      for (let i = 0; i < casesPerType; i++) endings[await oneCase(random, type, i)]++;
      assert.ok(endings.applied > 20 && endings.conflict > 5, JSON.stringify(endings));
    });
  }

  async function oneCase(random: SeededRandom, type: ElementType, i: number) {
    const key = Buffer.concat([random.bytes(4), Buffer.from(`:${i}`)]);
    const expireAtMs = random.chance(0.5) ? Date.now() + 100_000 + random.below(10_000) : undefined;
    const seen = randomContent(random, type);
    await putContent(peer, key, seen, expireAtMs);
    const edits = fittingEdits(random, seen, 1 + random.below(8));
    const change: Change = { kind: 'elements', key, edits };
    assert.notEqual(await provider.wasApplied(change, call), true);
    const there = random.chance(0.4) ? await meddle(random, key, seen, expireAtMs) : seen;
    const before = await contentOnServer(peer, key, type);
    const expected = editedContent(there, edits);
    const outcome = await apply(provider, id, change);
    const context = `case ${i}: ${outcome.status}`;
    if (!expected || isEmpty(there)) {
      assert.equal(outcome.status, 'conflict', context);
      assert.deepEqual(await contentOnServer(peer, key, type), before, context);
      return 'conflict';
    }
    assert.ok(outcome.status === 'applied', context);
    const emptied = isEmpty(expected);
    const after = { content: textOf(expected), expireAtMs: emptied ? -2 : before.expireAtMs };
    assert.deepEqual(await contentOnServer(peer, key, type), after, context);
    assert.equal(outcome.emptied?.expireAtMs, emptied ? expireAtMs : undefined, context);
    assert.equal(outcome.emptied !== undefined, emptied, context);
    if (there === seen) assert.notEqual(await provider.wasApplied(change, call), false, context);
    await undo(change, outcome);
    assert.deepEqual(await contentOnServer(peer, key, type), before, `undo of ${context}`);
    return emptied ? 'emptied' : 'applied';
  }

  /** What another client does between the look and the edit: edits of its own, or all is gone. */
  async function meddle(
    random: SeededRandom,
    key: Buffer,
    seen: Content,
    expireAtMs?: number,
  ): Promise<Content> {
    const theirs = random.chance(0.1)
      ? ({ ...seen, of: seen.type === 'list' ? [] : new Map() } as Content)
      : editedContent(seen, fittingEdits(random, seen, 1 + random.below(2)));
    assert.ok(theirs);
    await putContent(peer, key, theirs, expireAtMs);
    return theirs;
  }

  async function undo(change: Change, applied: Applied): Promise<void> {
    const inverse = inverseOf(change, applied);
    assert.ok(inverse);
    assert.equal((await apply(provider, id, inverse)).status, 'applied');
  }
});
