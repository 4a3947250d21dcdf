import assert from 'node:assert/strict';
import type { Redis } from 'ioredis';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import type { ApplyOutcome, Change, Conflict } from '../../../src/engine/connections/change';
import type { ElementEdits, ListEdit } from '../../../src/engine/connections/elementEdits';
import { rejectsWith } from '../../helpers/rejects';
import { apply } from '../providerContract';
import { type OpenRedis, openRedis } from './openRedis';

const id = 'test-connection';
const key = Buffer.from('k');
const text = (value: string): Buffer => Buffer.from(value);
const change = (edits: ElementEdits): Change => ({ kind: 'elements', key, edits });
const setField = (before: string, after: string, field = 'f'): Change =>
  change({ type: 'hash', edits: [{ field: text(field), before: text(before), after: text(after) }] });

describe('Edits of elements in Redis', () => {
  let redis: OpenRedis;
  let peer: Redis;
  let provider: CacheProvider;

  before(async () => {
    redis = await openRedis();
    ({ peer, provider } = redis);
  });
  after(() => redis.close());
  beforeEach(() => peer.flushall());

  const write = (made: Change): Promise<ApplyOutcome> => apply(provider, id, made);
  async function conflict(made: Change): Promise<Conflict> {
    const outcome = await write(made);
    assert.ok(outcome.status === 'conflict', outcome.status);
    return outcome.conflict;
  }

  it('G15: never change the type of a key', async () => {
    await peer.set('k', 'v');
    const all: ElementEdits[] = [
      { type: 'hash', edits: [{ field: text('f'), after: text('v') }] },
      { type: 'list', edits: [{ index: -1, after: text('v') }, { index: 0, after: text('v') }] },
      { type: 'set', edits: [{ member: text('m'), before: false, after: true }] },
      { type: 'zset', edits: [{ member: text('m'), after: '1' }] },
    ]; // prettier-ignore
    for (const edits of all) assert.deepEqual(await conflict(change(edits)), { reason: 'wrong-type' });
    assert.equal(await peer.get('k'), 'v');
  });

  it('G16: keep the time to live to the millisecond', async () => {
    await peer.hset('k', 'f', 'v');
    await peer.pexpire('k', 3_600_123);
    const before = await peer.pexpiretime('k');
    assert.deepEqual(await write(setField('v', 'w')), { status: 'applied' });
    assert.equal(await peer.pexpiretime('k'), before);
  });

  it('G17: keep binary fields and values', async () => {
    const field = Buffer.from([0xff, 0, 10, 13]);
    const [before, after] = [Buffer.from([0xfe, 0, 255]), Buffer.from([0xfe, 0, 254])];
    await peer.hset('k', field, before);
    await write(change({ type: 'hash', edits: [{ field, before, after }] }));
    assert.deepEqual(await peer.hgetBuffer('k', field), after);
  });

  it('leave 9,999 elements of a list of 10,000 and its time to live untouched', async () => {
    const elements = Array.from({ length: 10_000 }, (_, i) => `item ${i % 100}`);
    await peer.rpush('k', ...elements);
    await peer.pexpire('k', 3_600_000);
    const expiry = await peer.pexpiretime('k');
    const edit: ListEdit = { index: 5, before: text('item 5'), after: text('edited') };
    assert.equal((await write(change({ type: 'list', edits: [edit] }))).status, 'applied');
    elements[5] = 'edited';
    assert.deepEqual(await peer.lrange('k', 0, -1), elements);
    assert.equal(await peer.pexpiretime('k'), expiry);
  });

  it('take the one of equal elements that was meant', async () => {
    await peer.rpush('k', 'x', 'x', 'y', 'x', 'x');
    const edits: ListEdit[] = [
      { index: 3, before: text('x') },
      { index: 2, after: text('new'), pivot: text('y') },
      { index: -2, before: text('y'), after: text('Y') },
    ];
    assert.equal((await write(change({ type: 'list', edits }))).status, 'applied');
    assert.deepEqual(await peer.lrange('k', 0, -1), ['x', 'x', 'new', 'Y', 'x']);
  });

  it('are all made or none, and the conflict says which edit met it and what is there', async () => {
    await peer.hset('k', 'a', '1', 'b', 'theirs');
    const edits = [
      { field: text('a'), before: text('1'), after: text('2') },
      { field: text('b'), before: text('1'), after: text('2') },
    ];
    const met = { reason: 'changed', edit: 1, current: text('theirs') };
    assert.deepEqual(await conflict(change({ type: 'hash', edits })), met);
    assert.deepEqual(await peer.hgetall('k'), { a: '1', b: 'theirs' });
    await peer.hset('k', 'b', 'x'.repeat(2 ** 20 + 1));
    assert.deepEqual(await conflict(change({ type: 'hash', edits })), { reason: 'changed', edit: 1 });
  });

  it('tell what is there already, and what is gone', async () => {
    await peer.zadd('k', 'inf', 'm');
    const zset = (before?: string, member = 'm'): Change =>
      change({ type: 'zset', edits: [{ member: text(member), ...(before && { before }), after: '1' }] });
    assert.deepEqual(await conflict(zset()), { reason: 'exists', edit: 0, current: text('inf') });
    assert.deepEqual(await conflict(zset('1', 'none')), { reason: 'gone', edit: 0 });
    assert.deepEqual(await conflict(zset('-inf')), { reason: 'changed', edit: 0, current: text('inf') });
    assert.equal((await write(zset('Infinity'))).status, 'applied');
    assert.equal(await peer.zscore('k', 'm'), '1');
  });

  it('refuse a score that is none before anything is sent', async () => {
    await peer.zadd('k', 1, 'm');
    for (const after of ['nan', '', 'secret', '1e999']) {
      const edits = [{ member: text('m'), before: '1', after }];
      const error = await rejectsWith(write(change({ type: 'zset', edits })), 'VALIDATION_ERROR', 'invalid');
      assert.doesNotMatch(error.message, /secret/);
    }
    assert.equal(await peer.zscore('k', 'm'), '1');
  });

  it('are up to 1,000 at once, and never none', async () => {
    await peer.rpush('k', 'first');
    const edits = Array.from({ length: 1000 }, (_, i): ListEdit => ({
      index: i + 1,
      after: text(String(i)),
    }));
    assert.equal((await write(change({ type: 'list', edits }))).status, 'applied');
    assert.deepEqual(await peer.lrange('k', -2, -1), ['998', '999']);
    const tooMany = [...edits, { index: 0, after: text('x') }];
    for (const refused of [[], tooMany])
      await rejectsWith(write(change({ type: 'list', edits: refused })), 'VALIDATION_ERROR', 'invalid');
    assert.equal(await peer.llen('k'), 1001);
  });

  it('do not hold up the server with many insertions into a list of many', async () => {
    const batch = Array.from({ length: 10_000 }, (_, i) => String(i));
    for (let i = 0; i < 3; i++) await peer.rpush('k', ...batch);
    const insertAt = (index: number) =>
      Array.from({ length: 1000 }, (): ListEdit => ({ index, after: text('x') }));
    for (const index of [15_000, -15_000]) {
      const many = write(change({ type: 'list', edits: insertAt(index) }));
      assert.match((await rejectsWith(many, 'VALIDATION_ERROR', 'invalid')).message, /fewer/);
      assert.equal(await peer.llen('k'), 30_000);
    }
    for (const index of [0, -1])
      assert.equal((await write(change({ type: 'list', edits: insertAt(index) }))).status, 'applied');
    assert.equal(await peer.llen('k'), 32_000);
  });

  it('say when the last element went, and make the key anew only where there is none', async () => {
    await peer.sadd('k', 'm');
    await peer.pexpire('k', 100_000);
    const expireAtMs = await peer.pexpiretime('k');
    const member = text('m');
    const gone = await write(change({ type: 'set', edits: [{ member, before: true, after: false }] }));
    assert.deepEqual(gone, { status: 'applied', emptied: { expireAtMs } });
    const edits: ElementEdits = { type: 'set', edits: [{ member, before: false, after: true }] };
    assert.deepEqual(await conflict(change(edits)), { reason: 'gone' });
    const again: Change = { kind: 'elements', key, edits, recreate: { expireAtMs } };
    assert.deepEqual(await write(again), { status: 'applied' });
    assert.equal(await peer.pexpiretime('k'), expireAtMs);
    assert.deepEqual(await conflict(again), { reason: 'exists' });
  });

  it('give a field a time to live, or say that this server has none, having changed nothing', async () => {
    await peer.hset('k', 'f', 'v');
    const ttl = { mode: 'set', expireAtMs: Date.now() + 100_000 } as const;
    const edits = [{ field: text('f'), before: text('v'), after: text('w'), ttl }];
    const edit = write(change({ type: 'hash', edits }));
    if (provider.capabilities.fieldTtl.available) {
      assert.deepEqual(await edit, { status: 'applied' });
      const moments = await peer.call('HPEXPIRETIME', 'k', 'FIELDS', '1', 'f');
      assert.deepEqual([await peer.hget('k', 'f'), moments], ['w', [ttl.expireAtMs]]);
      return;
    }
    const error = await rejectsWith(edit, 'NOT_SUPPORTED', 'unsupported');
    assert.match(error.message, /7\.4/);
    assert.equal(await peer.hget('k', 'f'), 'v');
  });

  it('meet what became of the key while it was open', async () => {
    await peer.hset('k', 'f', 'v');
    await peer.rename('k', 'elsewhere');
    assert.deepEqual(await conflict(setField('v', 'w')), { reason: 'gone' });
    assert.equal(await peer.hget('elsewhere', 'f'), 'v');
    await peer.hset('k', 'f', 'v');
    await peer.pexpireat('k', Date.now() - 1);
    assert.deepEqual(await conflict(setField('v', 'w')), { reason: 'gone' });
    assert.equal(await peer.exists('k'), 0);
  });
});
