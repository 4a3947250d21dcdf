import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import type { CacheProvider, CallOptions } from '../../../src/engine/connections/cacheProvider';
import type { LoadOptions, ValuePart } from '../../../src/engine/connections/valuePart';
import { issuePermit } from '../../../src/engine/connections/writePermit';
import { cancelled, EngineError } from '../../../src/engine/kernel/errors';
import { redisFactory } from '../../../src/providers/redis/redisProvider';
import { startRedis, type CacheServer } from '../../helpers/cacheServer';
import { eventually } from '../../helpers/eventually';
import { startFaultProxy, type FaultProxy } from '../../helpers/faultProxy';
import { partsOf } from '../../helpers/parts';
import { aProfile } from '../../helpers/ports';
import { rejectsWith } from '../../helpers/rejects';
import { apply, call } from '../providerContract';

const connectionId = 'test-connection';
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const key = bytes('k\xff');
const fresh: LoadOptions = { ttl: { mode: 'remove' }, replace: false };

describe('a value loaded into Redis', () => {
  let server: CacheServer;
  let proxy: FaultProxy;
  let peer: Redis;
  let provider: CacheProvider;
  before(async () => {
    server = await startRedis();
    peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
  });
  after(async () => {
    await peer.quit();
    await server.stop();
  });
  beforeEach(async () => {
    await peer.flushall();
    proxy = await startFaultProxy(server.port);
    const profile = aProfile(proxy.port);
    provider = await redisFactory.open({ profile, secrets: {}, db: 0, isReadOnly: () => false }, call);
  });
  afterEach(async () => {
    await provider.close();
    await proxy.close();
  });

  const load = (parts: AsyncIterable<ValuePart>, options = fresh, limits: CallOptions = call) =>
    provider.load(key, parts, options, issuePermit(connectionId, 'load'), limits);
  const names = () => peer.keysBuffer('*');
  const string = (text: string): ValuePart => ({ kind: 'string', bytes: bytes(text) });

  it('appears whole, of every type, from several pieces', async () => {
    const cases: [ValuePart[], () => Promise<unknown>, unknown][] = [
      [[string('a\x00'), string('\xffb')], () => peer.getBuffer(key), bytes('a\x00\xffb')],
      [[string('')], () => peer.getBuffer(key), bytes('')],
      [
        [
          { kind: 'list', elements: [bytes('x'), bytes('x')] },
          { kind: 'list', elements: [bytes('\xfe')] },
        ],
        () => peer.lrangeBuffer(key, 0, -1),
        [bytes('x'), bytes('x'), bytes('\xfe')],
      ],
      [
        [
          { kind: 'hash', entries: [{ field: bytes('f'), value: bytes('') }] },
          { kind: 'hash', entries: [{ field: bytes('\xff'), value: bytes('v') }] },
        ],
        async () => [await peer.hgetBuffer(key, 'f'), await peer.hgetBuffer(key, bytes('\xff')), await peer.hlen(key)],
        [bytes(''), bytes('v'), 2],
      ],
      [
        [{ kind: 'set', elements: [bytes('m')] }, { kind: 'set', elements: [bytes('n')] }],
        async () => (await peer.smembers(key)).sort(),
        ['m', 'n'],
      ],
      [
        [{ kind: 'zset', members: [[bytes('a'), '-inf'], [bytes('b'), '0.5'], [bytes('c'), 'inf']] }],
        () => peer.zrange(key, '0', '-1', 'WITHSCORES'),
        ['a', '-inf', 'b', '0.5', 'c', 'inf'],
      ],
    ]; // prettier-ignore
    for (const [parts, read, expected] of cases) {
      await peer.flushall();
      assert.deepEqual(await load(partsOf(...parts)), { status: 'applied' });
      assert.deepEqual(await read(), expected);
      assert.deepEqual([await names(), await peer.pttl(key)], [[key], -1]);
    }
  });

  it('keeps the ids, groups, pending entries and last id of a stream', async () => {
    await load(
      partsOf(
        { kind: 'stream', entries: [{ id: '1-1', fields: [[bytes('f'), bytes('\xff')]] }, { id: '5-0', fields: [[bytes('g'), bytes('')]] }] },
        {
          kind: 'streamState',
          state: { lastId: '9-9', entriesAdded: 7, maxDeletedId: '9-9', groups: [{ name: bytes('grp'), lastId: '5-0', entriesRead: 7, consumers: [bytes('idle')] }] },
        },
        { kind: 'pending', group: bytes('grp'), entries: [{ id: '1-1', consumer: bytes('me'), deliveredAtMs: Date.now() - 5000, deliveries: 3 }] },
      ),
    ); // prettier-ignore
    assert.deepEqual(await peer.xrange(key, '-', '+'), [['1-1', ['f', '\ufffd']], ['5-0', ['g', '']]]); // prettier-ignore
    const state = await provider.readStreamState(key, call);
    assert.deepEqual([state.lastId, state.entriesAdded, state.maxDeletedId], ['9-9', 7, '9-9']);
    assert.deepEqual(state.groups[0]?.consumers.map(String), ['idle', 'me']);
    const page = await provider.readGroup(key, bytes('grp'), { limit: 10 }, call);
    const [first] = page.pending;
    assert.deepEqual([first?.id, first?.consumer.toString(), first?.deliveries], ['1-1', 'me', 3]);
    assert.ok((first?.idleMs ?? 0) >= 5000);
  });

  it('keeps a stream that has groups or an id, but no entry', async () => {
    const state = { lastId: '3-0', entriesAdded: 3, maxDeletedId: '2-0', groups: [] };
    await load(partsOf({ kind: 'streamState', state }));
    assert.deepEqual(await provider.readStreamState(key, call), state);
    assert.equal(await peer.xlen(key), 0);
  });

  it('is a conflict with a key that exists, which stays as it was', async () => {
    await peer.set(key, 'theirs');
    const outcome = await load(partsOf(string('mine')));
    assert.deepEqual(outcome, { status: 'conflict', conflict: { reason: 'exists' } });
    assert.deepEqual([await peer.get(key), (await names()).length], ['theirs', 1]);
  });

  it('is a conflict with a key that was made while it was on its way', async () => {
    async function* late(): AsyncIterable<ValuePart> {
      yield string('mine');
      yield string('too');
      await peer.rpush(key, 'theirs');
    }
    const outcome = await load(late());
    assert.equal(outcome.status === 'conflict' && outcome.conflict.reason, 'exists');
    assert.deepEqual([await peer.lrange(key, 0, -1), (await names()).length], [['theirs'], 1]);
  });

  it('G16: replaces a value of another type and keeps, sets or removes its time to live', async () => {
    await peer.rpush(key, 'x');
    await peer.pexpireat(key, 4_000_000_000_123);
    await load(partsOf(string('1')), { ttl: { mode: 'keep' }, replace: true });
    assert.ok(Math.abs((await peer.pexpiretime(key)) - 4_000_000_000_123) < 50);
    await load(partsOf(string('2')), { ttl: { mode: 'set', expireAtMs: 4_100_000_000_456 }, replace: true });
    assert.deepEqual([await peer.get(key), await peer.pexpiretime(key)], ['2', 4_100_000_000_456]);
    await load(partsOf(string('3')), { ttl: { mode: 'remove' }, replace: true });
    assert.equal(await peer.pttl(key), -1);
  });

  it('replaces only what was seen', async () => {
    await peer.set(key, 'longer');
    const replace = { ttl: { mode: 'keep' }, replace: true } as const;
    const changed = await load(partsOf(string('x')), { ...replace, seen: { type: 'string', length: 3 } });
    const typed = await load(partsOf(string('x')), { ...replace, seen: { type: 'list' } });
    const document = await load(partsOf(string('x')), { ...replace, seen: { type: 'json' } });
    await peer.del(key);
    const gone = await load(partsOf(string('x')), { ...replace, seen: { type: 'string' } });
    const reasons = [changed, typed, document, gone].map(
      (end) => end.status === 'conflict' && end.conflict.reason,
    );
    assert.deepEqual([reasons, await names()], [['changed', 'wrong-type', 'wrong-type', 'gone'], []]);
  });

  it('leaves nothing behind when its source fails or the server refuses a piece', async () => {
    async function* failing(): AsyncIterable<ValuePart> {
      yield string('a third');
      yield string('another');
      yield string('and one that nobody sees');
      throw new EngineError('VALIDATION_ERROR', 'invalid', 'the file ends');
    }
    await rejectsWith(load(failing()), 'VALIDATION_ERROR', 'invalid');
    const mixed = partsOf(string('a'), { kind: 'list', elements: [bytes('b')] });
    await rejectsWith(load(mixed), 'CONFLICT', 'wrong-type');
    await rejectsWith(
      load(partsOf({ kind: 'zset', members: [[bytes('m'), 'nan']] })),
      'INTERNAL_ERROR',
      'server-error',
    );
    assert.deepEqual(await names(), []);
  });

  it('leaves nothing behind when cancelled', async () => {
    const abort = new AbortController();
    async function* endless(): AsyncIterable<ValuePart> {
      for (let i = 0; ; i++) {
        if (i === 5) abort.abort(cancelled('it'));
        yield string('piece');
      }
    }
    await rejectsWith(load(endless(), fresh, { ...call, signal: abort.signal }), 'TIMEOUT', 'cancelled');
    assert.deepEqual(await names(), []);
  });

  it('leaves a key that expires within the hour when we crash', async () => {
    let go = (): void => undefined;
    const stuck = new Promise<void>((resolve) => (go = resolve));
    async function* hanging(): AsyncIterable<ValuePart> {
      yield string('one');
      yield string('two');
      await stuck;
    }
    const loading = load(hanging());
    const [left] = await eventually('a piece arrives', async () =>
      (await names()).length > 0 ? names() : undefined,
    );
    const ttl = await peer.pttl(left ?? '');
    assert.ok(left?.toString('latin1').startsWith('k\xff:cachify-load-'));
    assert.ok(ttl > 3_500_000 && ttl <= 3_600_000, String(ttl));
    go();
    await loading;
  });

  it('refuses to put the rest of a value in place when its beginning was evicted', async () => {
    async function* robbed(): AsyncIterable<ValuePart> {
      yield string('beginning');
      yield string('middle');
      await peer.flushall();
      yield string('rest');
    }
    await rejectsWith(load(robbed()), 'CONFLICT', 'gone');
    assert.deepEqual(await names(), []);
  });

  for (const [what, parts] of [
    ['in one command', [string('vw')]],
    ['in pieces', [string('v'), string('w')]],
  ] as const)
    it(`is unknown when the reply of the last step is lost after it ran, ${what}`, async () => {
      proxy.faultWhen((chunk) => chunk.includes('EVAL'), 'reset-on-reply');
      const outcome = await load(partsOf(...parts), fresh, { timeoutMs: 1000 });
      assert.equal(outcome.status, 'unknown');
      assert.equal(await peer.get(key), 'vw');
    });

  it('surely did not happen when a piece finds no server', async () => {
    proxy.faultWhen((chunk) => chunk.includes('APPEND'), 'reset-on-reply');
    await rejectsWith(load(partsOf(string('v'), string('w'))), 'CONNECTION_FAILED', 'dropped');
    proxy.fault = 'none';
    assert.equal(await peer.exists(key), 0);
  });

  it('goes through DUMP and RESTORE with its time to live', async () => {
    await peer.hset(key, 'f', bytes('\xff'));
    await peer.pexpireat(key, 4_000_000_000_000);
    const dump = await provider.dump(key, call);
    assert.ok(dump?.expireAtMs !== undefined && Math.abs(Number(dump.expireAtMs) - 4_000_000_000_000) < 50);
    const restore = { kind: 'restore', key, payload: dump.payload, replace: false } as const;
    const ttl = { mode: 'set', expireAtMs: 4_000_000_000_000 } as const;
    const exists = await apply(provider, connectionId, { ...restore, ttl });
    assert.equal(exists.status === 'conflict' && exists.conflict.reason, 'exists');
    await peer.del(key);
    assert.equal((await apply(provider, connectionId, { ...restore, ttl })).status, 'applied');
    assert.deepEqual(
      [await peer.hgetBuffer(key, 'f'), await peer.pexpiretime(key)],
      [bytes('\xff'), 4_000_000_000_000],
    );
    await apply(provider, connectionId, { ...restore, ttl: { mode: 'keep' }, replace: true });
    assert.ok((await peer.pttl(key)) > 0);
    await load(partsOf({ kind: 'dump', bytes: dump.payload }), { ttl: { mode: 'remove' }, replace: true });
    assert.deepEqual([await peer.hlen(key), await peer.pttl(key)], [1, -1]);
    assert.equal(await provider.dump(bytes('none'), call), undefined);
  });

  it('says what is wrong with a copy of another version', async () => {
    const payload = bytes('\x00\x01a\xff\xff0123456789');
    const change = { kind: 'restore', key, payload, ttl: { mode: 'remove' }, replace: false } as const;
    await rejectsWith(apply(provider, connectionId, change), 'NOT_SUPPORTED', 'unsupported');
    await rejectsWith(load(partsOf({ kind: 'dump', bytes: payload })), 'NOT_SUPPORTED', 'unsupported');
    assert.deepEqual(await names(), []);
  });

  it('leaves what is there when the user lacks a right that the last step needs', async () => {
    for (const missing of ['rename', 'pexpireat', 'pexpire', 'persist', 'unlink']) {
      await peer.flushall();
      await peer.set(key, 'theirs', 'EX', 5000);
      await peer.call('ACL', 'SETUSER', 'half', 'reset', 'on', '>p', '~*', '+@all', `-${missing}`);
      const auth = { method: 'password', username: 'half', secret: 'stored' } as const;
      const profile = aProfile(server.port, { auth });
      const request = { profile, secrets: { password: 'p' }, db: 0, isReadOnly: () => false };
      const half = await redisFactory.open(request, call);
      const expireAtMs = Date.now() + 9_000_000;
      const ways = [{ mode: 'set', expireAtMs }, { mode: 'keep' }, { mode: 'remove' }] as const;
      try {
        for (const ttl of ways) {
          const permit = issuePermit(connectionId, 'load');
          const ended = await half
            .load(key, partsOf(string('new')), { ttl, replace: true }, permit, call)
            .then(
              ({ status }) => status,
              () => 'refused',
            );
          const left = await peer.pttl(key);
          const expected = { set: 9_000_000, keep: 5_000_000, remove: -1 }[ttl.mode];
          const isNew = ended === 'applied';
          const what = `${missing} ${ttl.mode} ${ended}`;
          assert.equal(await peer.get(key), isNew ? 'new' : 'theirs', what);
          assert.ok(Math.abs(left - (isNew ? expected : 5_000_000)) < 60_000, `${what} ${left}`);
          await peer.set(key, 'theirs', 'EX', 5000);
        }
      } finally {
        await half.close();
      }
    }
  });
});
