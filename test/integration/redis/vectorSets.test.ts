import assert from 'node:assert/strict';
import type { Redis } from 'ioredis';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import { rejectsWith } from '../../helpers/rejects';
import { apply, call } from '../providerContract';
import { type OpenRedis, openRedis } from './openRedis';

const id = 'test-connection';
const text = (value: string): Buffer => Buffer.from(value);

describe('A vector set', () => {
  let redis: OpenRedis;
  let peer: Redis;
  let provider: CacheProvider;
  let hasThem: boolean;

  before(async () => {
    redis = await openRedis();
    ({ peer, provider } = redis);
    const [known] = (await peer.call('COMMAND', 'INFO', 'VADD')) as unknown[];
    hasThem = known !== null;
    // a server without them serves for the rules that hold for every type
    if (hasThem) await peer.call('VADD', 'v', 'VALUES', '3', '1', '2', '3', 'element');
    else await peer.sadd('v', 'element');
    await peer.pexpireat('v', 4_000_000_000_123);
  });
  after(() => redis.close());

  it('is shown as what its module tells, and no value is made up', async () => {
    const facts = await provider.describe(text('v'), call);
    const page = await provider.read(
      text('v'),
      { type: facts?.type ?? 'other', limit: 9, cellLimit: 9 },
      call,
    );
    if (page.kind !== 'other') {
      assert.equal(hasThem, false);
      return;
    }
    assert.deepEqual(
      [page.typeName, page.facts?.some(({ name }) => name === 'vector-dim')],
      ['vectorset', true],
    );
  });

  it('is duplicated whole with its time to live, within its database', async () => {
    const duplicate = { kind: 'duplicate', key: text('v'), to: text('twin'), replace: false } as const;
    assert.deepEqual(await apply(provider, id, duplicate), { status: 'applied' });
    assert.deepEqual(await peer.dumpBuffer('twin'), await peer.dumpBuffer('v'));
    assert.equal(await peer.pexpiretime('twin'), 4_000_000_000_123);
    assert.deepEqual(await apply(provider, id, duplicate), {
      status: 'conflict',
      conflict: { reason: 'exists' },
    });
    assert.deepEqual(await apply(provider, id, { ...duplicate, replace: true }), { status: 'applied' });
    const elsewhere = { ...duplicate, toDb: 1 };
    if (hasThem) await rejectsWith(apply(provider, id, elsewhere), 'NOT_SUPPORTED', 'unsupported');
    else assert.deepEqual(await apply(provider, id, elsewhere), { status: 'applied' });
  });
});
