import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import type { ApplyOutcome, Change } from '../../../src/engine/connections/change';
import type { HashEdit } from '../../../src/engine/connections/elementEdits';
import { inverseOf } from '../../../src/engine/values/undo';
import { applyChange } from '../../../src/providers/redis/applyChange';
import { startRedis, type CacheServer } from '../../helpers/cacheServer';
import { fieldTtlsLua } from '../../helpers/fieldTtls';
import { aProfile } from '../../helpers/ports';
import { rejectsWith } from '../../helpers/rejects';
import { ShimLink } from '../../helpers/shimLink';
import { call } from '../providerContract';

const at = 4_000_000_000_123;
const field = Buffer.from('f');
const one = Buffer.from('1');
const two = Buffer.from('2');

describe('Edits of hash fields that have a time to live', () => {
  let server: CacheServer;
  let peer: Redis;
  let link: ShimLink;

  before(async () => {
    server = await startRedis();
    peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
    link = linkWith(fieldTtlsLua());
  });
  after(async () => {
    await link.close();
    peer.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    await peer.flushall();
    await peer.hset('k', { f: '1', other: '1' });
    await peer.hset('ttls', 'f', String(at));
  });

  function linkWith(lua: string): ShimLink {
    const request = { profile: aProfile(server.port), secrets: {}, db: 0, isReadOnly: () => false };
    return new ShimLink(request, lua, /^$/);
  }
  const changeOf = (...edits: HashEdit[]): Change => ({
    kind: 'elements',
    key: Buffer.from('k'),
    edits: { type: 'hash', edits },
  });
  const write = (...edits: HashEdit[]): Promise<ApplyOutcome> => applyChange(link, changeOf(...edits), call);
  const applied = { status: 'applied' };

  it('keep it, to the millisecond, unless told', async () => {
    assert.deepEqual(await write({ field, before: one, after: two }), applied);
    assert.deepEqual(await peer.hgetall('k'), { f: '2', other: '1' });
    assert.deepEqual(await peer.hgetall('ttls'), { f: String(at) });
  });

  it('set and remove it', async () => {
    const ttl = { mode: 'set', expireAtMs: at + 5 } as const;
    assert.deepEqual(await write({ field, before: one, after: one, ttl }), applied);
    assert.deepEqual(await peer.hgetall('ttls'), { f: String(at + 5) });
    assert.deepEqual(await write({ field, before: one, after: two, ttl: { mode: 'remove' } }), applied);
    assert.deepEqual(await peer.hgetall('ttls'), {});
    const added = Buffer.from('new');
    assert.deepEqual(await write({ field: added, after: one, ttl }), applied);
    assert.deepEqual(await peer.hgetall('ttls'), { new: String(at + 5) });
  });

  it('do not give it to a field that was taken away and added again', async () => {
    assert.deepEqual(await write({ field, before: one }, { field, after: two }), applied);
    assert.equal(await peer.hget('k', 'f'), '2');
    assert.deepEqual(await peer.hgetall('ttls'), {});
  });

  it('give it back by the undo of a removal that says what it was', async () => {
    const ttl = { mode: 'set', expireAtMs: at } as const;
    const removal = changeOf({ field, before: one, ttl });
    assert.deepEqual(await applyChange(link, removal, call), applied);
    assert.deepEqual(await peer.hgetall('ttls'), {});
    const undo = inverseOf(removal, { status: 'applied' });
    assert.ok(undo);
    assert.deepEqual(await applyChange(link, undo, call), applied);
    assert.deepEqual([await peer.hget('k', 'f'), await peer.hget('ttls', 'f')], ['1', String(at)]);
  });

  it('are refused when the user may not see it: it would be lost', async () => {
    const blind = linkWith(fieldTtlsLua('HPEXPIRETIME'));
    const edit = changeOf({ field, before: one, after: two });
    await rejectsWith(applyChange(blind, edit, call), 'UNAUTHORIZED', 'no-permission');
    assert.deepEqual(await peer.hgetall('k'), { f: '1', other: '1' });
    await blind.close();
  });
});
