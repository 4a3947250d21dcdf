import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import type { Change } from '../../../src/engine/connections/change';
import type { ElementEdits } from '../../../src/engine/connections/elementEdits';
import { issuePermit } from '../../../src/engine/connections/writePermit';
import { redisFactory } from '../../../src/providers/redis/redisProvider';
import { startRedis, type CacheServer } from '../../helpers/cacheServer';
import { startFaultProxy, type FaultProxy } from '../../helpers/faultProxy';
import { aProfile } from '../../helpers/ports';
import { apply, call } from '../providerContract';

const id = 'test-connection';
const short = { timeoutMs: 300 };
const text = (value: string): Buffer => Buffer.from(value);
const changeOf = (edits: ElementEdits): Change => ({ kind: 'elements', key: text(edits.type), edits });

/** Edits of what `fill` makes; each says what its element was and what it becomes. */
const telling: ElementEdits[] = [
  { type: 'hash', edits: [{ field: text('a'), before: text('1'), after: text('2') }, { field: text('b'), before: text('1') }] },
  { type: 'set', edits: [{ member: text('a'), before: true, after: false }, { member: text('c'), before: false, after: true }] },
  { type: 'zset', edits: [{ member: text('a'), before: '1', after: '2' }, { member: text('c'), after: 'inf' }] },
  { type: 'list', edits: [{ index: 0, before: text('a'), after: text('A') }, { index: 1, after: text('new'), pivot: text('b') }] },
  { type: 'list', edits: [{ index: 0, before: text('a'), after: text('A') }, { index: -1, before: text('b'), after: text('B') }] },
]; // prettier-ignore

/** Edits of which the list says nothing afterwards. */
const silent: ElementEdits[] = [
  { type: 'list', edits: [{ index: 0, before: text('a') }] },
  { type: 'list', edits: [{ index: -1, after: text('new') }] },
];

describe('Edits of elements whose reply was lost', () => {
  let server: CacheServer;
  let peer: Redis;
  let proxy: FaultProxy;
  let provider: CacheProvider;

  before(async () => {
    server = await startRedis();
    peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
  });
  after(async () => {
    peer.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    await peer.flushall();
    await peer.hset('hash', { a: '1', b: '1' });
    await peer.sadd('set', 'a', 'b');
    await peer.zadd('zset', 1, 'a', 1, 'b');
    await peer.rpush('list', 'a', 'b');
    proxy = await startFaultProxy(server.port);
    const request = { profile: aProfile(proxy.port), secrets: {}, db: 0, isReadOnly: () => false };
    provider = await redisFactory.open(request, call);
    // the socket for writes is open before a fault: what is lost is the edit
    await apply(provider, id, { kind: 'ttl', key: text('hash'), ttl: { mode: 'remove' } });
  });
  afterEach(async () => {
    await provider.close();
    await proxy.close();
  });

  /** The script meets the fault, whatever is asked before it. */
  async function lose(change: Change, fault: 'black-hole' | 'reset-on-reply'): Promise<void> {
    proxy.faultWhen((chunk) => chunk.includes('EVAL'), fault);
    const limits = fault === 'black-hole' ? short : call;
    const outcome = await provider.apply(change, issuePermit(id, 'test'), limits);
    assert.equal(outcome.status, 'unknown');
    proxy.faultWhen(() => false, 'none');
    proxy.fault = 'none';
  }

  for (const edits of telling) {
    const ends = edits.type === 'list' && edits.edits.some(({ index }) => index < 0) ? ' from both ends' : '';
    it(`of a ${edits.type}${ends} are known by reading back, applied or not`, async () => {
      const change = changeOf(edits);
      await lose(change, 'black-hole');
      assert.equal(await provider.wasApplied(change, call), false);
      await lose(change, 'reset-on-reply');
      assert.equal(await provider.wasApplied(change, call), true);
    });

    it(`of a ${edits.type}${ends} stay unknown when the key is gone`, async () => {
      const change = changeOf(edits);
      await lose(change, 'reset-on-reply');
      await peer.del(edits.type);
      assert.equal(await provider.wasApplied(change, call), undefined);
      await peer.set(edits.type, 'another type');
      assert.equal(await provider.wasApplied(change, call), undefined);
    });
  }

  it('stay unknown where the list says nothing of them', async () => {
    for (const edits of silent) {
      const change = changeOf(edits);
      assert.equal(await provider.wasApplied(change, call), undefined);
      await lose(change, 'reset-on-reply');
      assert.equal(await provider.wasApplied(change, call), undefined);
    }
  });

  it('stay unknown when someone changed one of the elements since', async () => {
    const [hash] = telling;
    assert.ok(hash);
    await lose(changeOf(hash), 'reset-on-reply');
    await peer.hset('hash', 'a', 'theirs');
    assert.equal(await provider.wasApplied(changeOf(hash), call), undefined);
  });

  it('that make a key anew were not made while there is none', async () => {
    const edits: ElementEdits = { type: 'set', edits: [{ member: text('m'), before: false, after: true }] };
    const change: Change = { kind: 'elements', key: text('again'), edits, recreate: {} };
    assert.equal(await provider.wasApplied(change, call), false);
    await lose(change, 'reset-on-reply');
    assert.equal(await provider.wasApplied(change, call), true);
  });
});
