import assert from 'node:assert/strict';
import { openValue } from '../../../src/engine/keys/openValue';
import { readParts } from '../../../src/engine/transfer/readParts';
import { call, scanAll } from '../providerContract';
import { openRedis, type OpenRedis } from './openRedis';

const planted: readonly (readonly string[])[] = [
  ['SET', 'string', 'value'],
  ['HSET', 'hash', 'field', 'value'],
  ['RPUSH', 'list', 'a'],
  ['SADD', 'set', 'a'],
  ['ZADD', 'zset', '1', 'a'],
  ['XADD', 'stream', '*', 'f', 'v'],
];
const anHour = 3600;

describe('Looking at a key of Redis', () => {
  let redis: OpenRedis;
  before(async () => (redis = await openRedis()));
  after(() => redis.close());

  it('does not count as an access, where the server can be told so', async () => {
    const { peer, provider } = redis;
    for (const [command = '', key = '', ...rest] of planted) {
      await peer.call(command, key, ...rest);
      const dump = await peer.dumpBuffer(key);
      assert.ok(dump);
      await peer.call('RESTORE', key, 0, dump, 'REPLACE', 'IDLETIME', anHour);
    }
    await scanAll(provider);
    for (const [, name = ''] of planted) {
      const key = Buffer.from(name);
      const facts = await provider.glance(key, call);
      assert.ok(facts);
      await openValue(provider, key, call);
      for await (const part of readParts(provider, key, facts, call, () => Date.now())) assert.ok(part);
    }
    const idle = await Promise.all(planted.map(([, name = '']) => peer.call('OBJECT', 'IDLETIME', name)));
    const [noTouch] = (await peer.call('COMMAND', 'INFO', 'client|no-touch')) as unknown[];
    const counts = idle.map((seconds) => Number(seconds) < anHour);
    assert.deepEqual(
      counts,
      planted.map(() => noTouch === null),
      'every look counts without CLIENT NO-TOUCH, and none with it',
    );
  });
});
