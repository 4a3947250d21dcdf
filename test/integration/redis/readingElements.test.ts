import assert from 'node:assert/strict';
import type { Redis } from 'ioredis';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import type { ElementRef, ReadRequest, ValuePage } from '../../../src/engine/connections/valuePage';
import { searchValue } from '../../../src/engine/values/searchValue';
import { call } from '../providerContract';
import { type OpenRedis, openRedis } from './openRedis';

const key = Buffer.from('k');

describe('Reading what is to be edited', () => {
  let redis: OpenRedis;
  let peer: Redis;
  let provider: CacheProvider;

  before(async () => {
    redis = await openRedis({ readOnly: true });
    ({ peer, provider } = redis);
  });
  after(() => redis.close());
  beforeEach(() => peer.flushall());

  const element = (ref: ElementRef): Promise<Buffer | undefined> => provider.readElement(key, ref, call);
  const read = (request: Partial<ReadRequest> & Pick<ReadRequest, 'type'>): Promise<ValuePage> =>
    provider.read(key, { limit: 2, cellLimit: 4, ...request }, call);

  async function allRows<T>(type: 'zset' | 'stream', rowsOf: (page: ValuePage) => T[]): Promise<T[]> {
    const rows: T[] = [];
    let cursor: string | undefined;
    do {
      const page = await read({ type, descending: true, ...(cursor !== undefined && { cursor }) });
      rows.push(...rowsOf(page));
      cursor = page.cursor;
    } while (cursor !== undefined);
    return rows;
  }

  it('gives members whole, whatever the limit of a cell: they say what is edited', async () => {
    const member = 'm'.repeat(5000);
    await peer.sadd('k', member);
    const set = await read({ type: 'set' });
    assert.equal(set.kind === 'set' && set.rows[0]?.member.bytes.length, 5000);
    await peer.del('k');
    await peer.zadd('k', 1, member);
    const zset = await read({ type: 'zset' });
    assert.equal(zset.kind === 'zset' && zset.rows[0]?.member.bytes.length, 5000);
  });

  it('goes through a sorted set and a stream from the last to the first', async () => {
    await peer.zadd('k', 1, 'a', 2, 'b', 3, 'c', 4, 'd', 5, 'e');
    const members = await allRows('zset', (page) => (page.kind === 'zset' ? page.rows.map(({ member }) => String(member.bytes)) : [])); // prettier-ignore
    assert.deepEqual(members, ['e', 'd', 'c', 'b', 'a']);
    await peer.del('k');
    for (const n of [1, 2, 3, 4, 5]) await peer.xadd('k', `${n}-1`, 'f', 'v');
    const ids = await allRows('stream', (page) => (page.kind === 'stream' ? page.rows.map(({ id }) => id) : [])); // prettier-ignore
    assert.deepEqual(ids, ['5-1', '4-1', '3-1', '2-1', '1-1']);
  });

  it('gives one element of a list and one value of an entry whole', async () => {
    const large = 'x'.repeat(5000);
    await peer.rpush('k', 'a', large);
    assert.equal(String(await element({ kind: 'list', index: 1 })), large);
    assert.equal(await element({ kind: 'list', index: 2 }), undefined);
    await peer.del('k');
    await peer.xadd('k', '1-1', 'f', 'small', 'f', large);
    assert.equal(String(await element({ kind: 'stream', id: '1-1', at: 1 })), large);
    assert.equal(await element({ kind: 'stream', id: '1-1', at: 2 }), undefined);
    assert.equal(await element({ kind: 'stream', id: '9-9', at: 0 }), undefined);
  });

  it('tells how far a group is behind', async () => {
    await peer.xadd('k', '1-1', 'f', 'v');
    await peer.xadd('k', '2-1', 'f', 'v');
    await peer.xgroup('CREATE', 'k', 'g', '0');
    await peer.xreadgroup('GROUP', 'g', 'c', 'COUNT', 1, 'STREAMS', 'k', '>');
    const page = await read({ type: 'stream' });
    assert.deepEqual(page.kind === 'stream' && page.groups.map(({ lag }) => lag), [1]);
  });

  it('finds every match of a hash of 5,000 fields, and of a string over the borders of its pages', async () => {
    const fields = Array.from({ length: 5000 }, (_, i) => [`field:${i}`, i % 100 === 0 ? 'a Needle' : 'hay']);
    await peer.hset('k', Object.fromEntries(fields) as Record<string, string>);
    const found = new Set<string>();
    const search = { text: Buffer.from('needle'), caseSensitive: false };
    const endless = { rows: Infinity, milliseconds: Infinity };
    for await (const step of searchValue(provider, key, { ...search, type: 'hash' }, endless, call)) {
      assert.ok('page' in step && step.page.kind === 'hash');
      for (const { field } of step.page.rows) found.add(String(field.bytes));
    }
    assert.equal(found.size, 50);
    const at = 1024 * 1024 - 3;
    await peer.set('k', `${'-'.repeat(at)}NEEDLE${'-'.repeat(at)}needle`);
    const offsets: number[] = [];
    for await (const step of searchValue(provider, key, { ...search, type: 'string' }, endless, call)) {
      assert.ok('matches' in step);
      offsets.push(...step.matches.map(({ offset }) => offset));
    }
    assert.deepEqual(offsets, [at, at * 2 + 6]);
  });
});
