import assert from 'node:assert/strict';
import type { Redis } from 'ioredis';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import type { ElementEdits } from '../../../src/engine/connections/elementEdits';
import { rejectsWith } from '../../helpers/rejects';
import { apply } from '../providerContract';
import { type OpenRedis, openRedis } from './openRedis';

const text = (value: string): Buffer => Buffer.from(value);

describe('A server at its memory limit', () => {
  let redis: OpenRedis;
  let peer: Redis;
  let provider: CacheProvider;

  before(async () => {
    redis = await openRedis();
    ({ peer, provider } = redis);
    await peer.rpush('list', 'a', 'same', 'b', 'same', 'c', 'same');
    await peer.hset('hash', 'f', 'v', 'g', 'w');
    await peer.sadd('set', 'm', 'n');
    await peer.zadd('zset', 1, 'm', 2, 'n');
    await peer.set('string', 'v');
    await peer.config('SET', 'maxmemory-policy', 'noeviction');
    await peer.config('SET', 'maxmemory', '1');
  });
  after(() => redis.close());

  const edit = (key: string, edits: ElementEdits) =>
    apply(provider, 'test-connection', { kind: 'elements', key: text(key), edits });

  it('lets the elements of every type be taken away, from the middle of a list too', async () => {
    const removals: [string, ElementEdits][] = [
      ['list', { type: 'list', edits: [{ index: 3, before: text('same') }] }],
      ['list', { type: 'list', edits: [{ index: -1, before: text('same') }] }],
      ['hash', { type: 'hash', edits: [{ field: text('f'), before: text('v') }] }],
      ['set', { type: 'set', edits: [{ member: text('m'), before: true, after: false }] }],
      ['zset', { type: 'zset', edits: [{ member: text('m'), before: '1' }] }],
    ];
    for (const [key, edits] of removals) assert.equal((await edit(key, edits)).status, 'applied', key);
    assert.deepEqual(await peer.lrange('list', 0, -1), ['a', 'same', 'b', 'c']);
    assert.deepEqual([await peer.hlen('hash'), await peer.scard('set'), await peer.zcard('zset')], [1, 1, 1]);
  });

  it('refuses what needs memory, in words, with the value as it was', async () => {
    const ttl = { mode: 'keep' } as const;
    const change = {
      kind: 'string.set',
      key: text('string'),
      before: text('v'),
      after: text('w'),
      ttl,
    } as const;
    const error = await rejectsWith(
      apply(provider, 'test-connection', change),
      'CONNECTION_FAILED',
      'server-full',
    );
    assert.match(error.message, /^The server is at its memory limit/);
    const insert: ElementEdits = { type: 'list', edits: [{ index: 1, after: text('x') }] };
    await rejectsWith(edit('list', insert), 'CONNECTION_FAILED', 'server-full');
    assert.equal(await peer.get('string'), 'v');
    assert.equal(await peer.llen('list'), 4);
  });
});
