import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import type { ValuePage } from '../../../src/engine/connections/valuePage';
import { redisFactory } from '../../../src/providers/redis/redisProvider';
import { startRedis, type CacheServer } from '../../helpers/cacheServer';
import { aProfile } from '../../helpers/ports';
import { apply, call, providerContract, readBytes } from '../providerContract';

const connectionId = 'test-connection';

describe('Redis provider', () => {
  let server: CacheServer;
  let peer: Redis;
  let provider: CacheProvider;

  before(async () => {
    server = await startRedis();
    peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
    provider = await open(0);
  });
  after(async () => {
    await provider.close();
    await peer.quit();
    await server.stop();
  });
  beforeEach(() => peer.flushall());

  const open = (db: number): Promise<CacheProvider> =>
    redisFactory.open({ profile: aProfile(server.port), secrets: {}, db, isReadOnly: () => false }, call);
  const readPage = <K extends ValuePage['kind']>(key: string, kind: K, cursor?: string) =>
    pageOf(provider, key, kind, cursor);

  providerContract({
    provider: () => provider,
    connectionId,
    newValue: (bytes) => ({ type: 'string', bytes }),
    edit: (key, before, after, ttl = { mode: 'keep' }) =>
      Promise.resolve({ kind: 'string.set', key, before, after, ttl }),
    longestKey: 60_000,
    binaryKeys: true,
  });

  it('G15: an edit never changes the type of a key', async () => {
    await peer.hset('h', 'f', 'v');
    const change = {
      kind: 'string.set',
      key: Buffer.from('h'),
      before: Buffer.from('v'),
      after: Buffer.from('w'),
      ttl: { mode: 'keep' },
    } as const;
    const outcome = await apply(provider, connectionId, change);
    assert.equal(outcome.status === 'conflict' && outcome.conflict.reason, 'wrong-type');
    assert.deepEqual(await peer.hgetall('h'), { f: 'v' });
  });

  it('keeps the time to live to the millisecond through an edit', async () => {
    await peer.set('k', 'a', 'PX', 3_600_000);
    const before = await peer.pexpiretime('k');
    await apply(provider, connectionId, {
      kind: 'string.set',
      key: Buffer.from('k'),
      before: Buffer.from('a'),
      after: Buffer.from('b'),
      ttl: { mode: 'keep' },
    });
    assert.equal(await peer.pexpiretime('k'), before);
  });

  it('edits one hash field and leaves the others and the time to live', async () => {
    await peer.hset('h', 'a', '1', 'b', '2');
    await peer.pexpire('h', 3_600_000);
    const expiry = await peer.pexpiretime('h');
    const edit = (before: string | undefined, after: string) =>
      apply(provider, connectionId, {
        kind: 'elements',
        key: Buffer.from('h'),
        edits: {
          type: 'hash',
          edits: [
            {
              field: Buffer.from('a'),
              ...(before !== undefined && { before: Buffer.from(before) }),
              after: Buffer.from(after),
            },
          ],
        },
      });
    assert.equal((await edit('1', 'one')).status, 'applied');
    assert.deepEqual(await peer.hgetall('h'), { a: 'one', b: '2' });
    assert.equal(await peer.pexpiretime('h'), expiry);
    const stale = await edit('1', 'again');
    assert.deepEqual(stale.status === 'conflict' && stale.conflict.current?.toString(), 'one');
    const added = await edit(undefined, 'never');
    assert.equal(added.status === 'conflict' && added.conflict.reason, 'exists');
  });

  it('shows every type in pages', async () => {
    await peer.rpush('l', ...Array.from({ length: 450 }, (_, i) => `item ${i}`));
    await peer.zadd('z', '-inf', 'low', 1.5, 'mid', '+inf', 'high');
    await peer.sadd('s', 'a', 'b');
    await peer.xadd('x', '1-1', 'field', 'value');
    await peer.xgroup('CREATE', 'x', 'group', '0');
    const first = await readPage('l', 'list');
    assert.equal(first.rows.length, 200);
    const third = await readPage('l', 'list', '400');
    assert.deepEqual([third.rows[0]?.index, third.rows.length, third.cursor], [400, 50, undefined]);
    assert.deepEqual(
      (await readPage('z', 'zset')).rows.map((row) => row.score),
      ['-inf', '1.5', 'inf'],
    );
    assert.equal((await readPage('s', 'set')).rows.length, 2);
    const stream = await readPage('x', 'stream');
    assert.equal(stream.rows[0]?.id, '1-1');
    assert.deepEqual(stream.groups, [
      { name: Buffer.from('group'), consumers: 0, pending: 0, lastDeliveredId: '0-0', lag: 1 },
    ]);
  });

  it('pages a hash of 100,000 fields without losing one', async () => {
    const pipeline = peer.pipeline();
    for (let i = 0; i < 100_000; i += 1000) {
      pipeline.hset('big', Object.fromEntries(Array.from({ length: 1000 }, (_, j) => [`f${i + j}`, 'v'])));
    }
    await pipeline.exec();
    const fields = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = await readPage('big', 'hash', cursor);
      for (const row of page.rows) fields.add(row.field.bytes.toString());
      cursor = page.cursor;
    } while (cursor !== undefined);
    assert.equal(fields.size, 100_000);
  });

  it('shows the head of a large cell with its size, and the whole on request', async () => {
    await peer.hset('h', 'large', 'x'.repeat(5000));
    const page = await readPage('h', 'hash');
    assert.deepEqual([page.rows[0]?.value.bytes.length, page.rows[0]?.value.size], [1024, 5000]);
    const whole = await provider.readElement(
      Buffer.from('h'),
      { kind: 'hash', field: Buffer.from('large') },
      call,
    );
    assert.equal(whole?.length, 5000);
  });

  it('renames and duplicates, but never over another key unasked', async () => {
    await peer.mset('a', '1', 'b', '2');
    const name = (kind: 'rename' | 'duplicate', from: string, to: string, replace: boolean) =>
      apply(provider, connectionId, { kind, key: Buffer.from(from), to: Buffer.from(to), replace });
    for (const kind of ['rename', 'duplicate'] as const) {
      const refused = await name(kind, 'a', 'b', false);
      assert.equal(refused.status === 'conflict' && refused.conflict.reason, 'exists');
      const gone = await name(kind, 'absent', 'c', false);
      assert.equal(gone.status === 'conflict' && gone.conflict.reason, 'gone');
    }
    assert.deepEqual(await peer.mget('a', 'b'), ['1', '2']);
    await name('duplicate', 'a', 'copy', false);
    await name('rename', 'a', 'b', true);
    assert.deepEqual(await peer.mget('a', 'b', 'copy'), [null, '1', '1']);
  });

  it('creates a key of each type', async () => {
    const key = (name: string): Buffer => Buffer.from(name);
    const ttl = { mode: 'set', expireAtMs: Date.now() + 60_000 } as const;
    const values = [
      { type: 'hash', entries: [[key('f'), key('v')]] },
      { type: 'list', elements: [key('a'), key('a')] },
      { type: 'set', elements: [key('a')] },
      { type: 'zset', members: [[key('m'), '1.5']] },
      { type: 'stream', fields: [[key('f'), key('v')]] },
    ] as const;
    for (const value of values) {
      assert.equal(
        (await apply(provider, connectionId, { kind: 'create', key: key(value.type), value, ttl })).status,
        'applied',
      );
      assert.equal(await peer.type(value.type), value.type);
      assert.ok((await peer.pttl(value.type)) > 50_000);
    }
  });

  it('G9: keeps to its logical database', async () => {
    const third = await open(3);
    await peer.set('same', 'in 0');
    await apply(third, connectionId, {
      kind: 'create',
      key: Buffer.from('same'),
      value: { type: 'string', bytes: Buffer.from('in 3') },
      ttl: { mode: 'keep' },
    });
    assert.deepEqual(await readBytes(third, Buffer.from('same')), Buffer.from('in 3'));
    assert.equal(await peer.get('same'), 'in 0');
    await third.close();
  });

  it('tells version, role, user and capabilities', () => {
    assert.match(provider.identity.version, /^\d+\.\d+/);
    assert.deepEqual(
      [provider.identity.role, provider.identity.aclUser, provider.identity.databases],
      ['master', 'default', 16],
    );
    assert.deepEqual(provider.capabilities.slowLog, { available: true });
  });
});

async function pageOf<K extends ValuePage['kind']>(
  provider: CacheProvider,
  key: string,
  kind: K,
  cursor?: string,
) {
  const name = Buffer.from(key);
  const facts = await provider.describe(name, call);
  assert.ok(facts);
  const request = { type: facts.type, limit: 200, cellLimit: 1024, ...(cursor !== undefined && { cursor }) };
  const page = await provider.read(name, request, call);
  assert.equal(page.kind, kind);
  return page as Extract<ValuePage, { kind: K }>;
}
