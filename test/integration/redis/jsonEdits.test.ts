import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import type { ApplyOutcome, Change } from '../../../src/engine/connections/change';
import { inverseOf } from '../../../src/engine/values/undo';
import { applyChange } from '../../../src/providers/redis/applyChange';
import { readJsonPath } from '../../../src/providers/redis/types/jsonPath';
import { wasApplied } from '../../../src/providers/redis/wasApplied';
import { startRedis, type CacheServer } from '../../helpers/cacheServer';
import { jsonModule } from '../../helpers/jsonModule';
import { aProfile } from '../../helpers/ports';
import { rejectsWith } from '../../helpers/rejects';
import { ShimLink } from '../../helpers/shimLink';
import { call } from '../providerContract';

const key = Buffer.from('k');
const text = (value: string): Buffer => Buffer.from(value);
const set = (path: string, before?: string, after?: string): Change => ({
  kind: 'json.set',
  key,
  path,
  ...(before !== undefined && { before: text(before) }),
  ...(after !== undefined && { after: text(after) }),
});
const conflict = (reason: string, current?: string) => ({
  status: 'conflict',
  conflict: { reason, ...(current !== undefined && { current: text(current) }) },
});

describe('Edits of JSON', () => {
  let server: CacheServer;
  let peer: Redis;
  let link: ShimLink;

  before(async () => {
    server = await startRedis();
    peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
    const request = { profile: aProfile(server.port), secrets: {}, db: 0, isReadOnly: () => false };
    link = new ShimLink(request, jsonModule, /^(TYPE|JSON\..*)$/);
  });
  after(async () => {
    await link.close();
    peer.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    await peer.flushall();
    await peer.set('k', '{"a":{"list":[1,2,2]}}', 'PX', 3_600_000);
  });

  const write = (change: Change): Promise<ApplyOutcome> => applyChange(link, change, call);
  const happened = (change: Change): Promise<boolean | undefined> => wasApplied(link, change, call);
  const document = (): Promise<string | null> => peer.get('k');

  it('change, add and delete what a path names, with the time to live kept and an undo for each', async () => {
    const expiry = await peer.pexpiretime('k');
    const first = await document();
    const edits: [Change, string][] = [
      [set('$.a.list[1]', '2', '"two"'), '{"a":{"list":[1,"two",2]}}'],
      [set('$.a.list[0]', undefined, '0'), '{"a":{"list":[0,1,2,2]}}'],
      [set('$.a.list[3]', undefined, '3'), '{"a":{"list":[1,2,2,3]}}'],
      [set('$.a.list[2]', '2'), '{"a":{"list":[1,2]}}'],
      [set('$.a', '{"list": [1, 2, 2]}', '{"b" : 1}'), '{"a":{"b":1}}'],
    ];
    for (const [change, after] of edits) {
      const outcome = await write(change);
      assert.deepEqual(outcome, { status: 'applied' });
      assert.equal(await document(), after);
      const inverse = inverseOf(change, { status: 'applied' });
      assert.ok(inverse);
      assert.deepEqual(await write(inverse), { status: 'applied' });
      assert.equal(await document(), first);
    }
    assert.equal(await peer.pexpiretime('k'), expiry);
  });

  it('add a member only where there is none, and only to an object that is there', async () => {
    assert.deepEqual(await write(set('$.a', undefined, '1')), conflict('exists', '{"list":[1,2,2]}'));
    assert.deepEqual(await write(set('$.none.x', undefined, '1')), conflict('gone'));
    assert.deepEqual(await write(set('$.a.list[4]', undefined, '1')), conflict('gone'));
    assert.deepEqual(await write(set('$.none[0]', undefined, '1')), conflict('gone'));
    assert.deepEqual(await write(set('$.a.b', undefined, '1')), { status: 'applied' });
    assert.equal(String(await readJsonPath(link, key, '$.a.b', call)), '1');
  });

  it('are conflicts, with what is there, when it moved, and change nothing', async () => {
    const before = await document();
    assert.deepEqual(await write(set('$.a.list[0]', '7', '8')), conflict('changed', '1'));
    assert.deepEqual(await write(set('$.a.none', '7')), conflict('gone'));
    await rejectsWith(write(set('$.a.list.*', '1', '2')), 'VALIDATION_ERROR', 'invalid');
    assert.equal(await document(), before);
    await peer.del('k');
    assert.deepEqual(await write(set('$', '{}', '[1]')), conflict('gone'));
    await peer.rpush('k', '{}');
    assert.deepEqual(await write(set('$', '{}', '[1]')), conflict('wrong-type'));
    assert.deepEqual(await peer.lrange('k', 0, -1), ['{}']);
  });

  it('tell when the whole value went, and when it would have expired', async () => {
    const expireAtMs = await peer.pexpiretime('k');
    const outcome = await write(set('$', '{"a":{"list":[1,2,2]}}'));
    assert.deepEqual(outcome, { status: 'applied', emptied: { expireAtMs } });
    assert.equal(await peer.exists('k'), 0);
  });

  it('refuse what is no JSON, or no path of the new syntax, without repeating it', async () => {
    for (const change of [set('$.a', '1', 'secret'), set('.a', '1', '2'), set('$.a')]) {
      const error = await rejectsWith(write(change), 'VALIDATION_ERROR', 'invalid');
      assert.doesNotMatch(error.message, /secret/);
    }
  });

  it('are read back when the reply was lost, except for positions that others move', async () => {
    const change = set('$.a.list[0]', '1', '7');
    assert.equal(await happened(change), false);
    await write(change);
    assert.equal(await happened(change), true);
    assert.equal(await happened(set('$.a.list[0]', '7')), undefined);
    assert.equal(await happened(set('$.a.list[0]', undefined, '7')), undefined);
    assert.equal(await happened(set('$.new', undefined, '7')), false);
    assert.equal(await happened(set('$.old', '7')), true);
    await peer.del('k');
    assert.equal(await happened(change), undefined);
  });
});
