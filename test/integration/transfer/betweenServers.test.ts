import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import { systemClock } from '../../../src/engine/kernel/clock';
import { toEngineError } from '../../../src/engine/kernel/errors';
import { copyKey } from '../../../src/engine/transfer/copyKey';
import { type CacheServer, startRedis } from '../../helpers/cacheServer';
import { transfersOver, type Transfers } from './transferFixture';

const far = 4_000_000_000_123;
const fieldExpiry = '3999999999999';

/** Commands that make a key `k` of each type, and those that tell all of it. */
const types: Readonly<Record<string, { readonly make: string[][]; readonly tell: string[][] }>> = {
  string: { make: [['SET', 'k', 'a\u0000ÿ']], tell: [['GET', 'k']] },
  list: { make: [['RPUSH', 'k', ...numbered(300)]], tell: [['LRANGE', 'k', '0', '-1']] },
  set: { make: [['SADD', 'k', ...numbered(300), '1', '2']], tell: [['SORT', 'k', 'ALPHA']] },
  hash: { make: [['HSET', 'k', ...numbered(600)]], tell: [['HGETALL', 'k']] },
  zset: { make: [['ZADD', 'k', '-inf', 'a', '1e15', 'b', '0.5', 'c']], tell: [['ZRANGE', 'k', '0', '-1', 'WITHSCORES']] },
  stream: {
    make: [
      ['XADD', 'k', '1-1', 'f', 'v'],
      ['XADD', 'k', '2-1', 'f', 'v', 'f', 'again'],
      ['XDEL', 'k', '2-1'],
      ['XGROUP', 'CREATE', 'k', 'g', '0'],
      ['XREADGROUP', 'GROUP', 'g', 'reader', 'STREAMS', 'k', '>'],
    ],
    tell: [
      ['XRANGE', 'k', '-', '+'],
      ['XPENDING', 'k', 'g'],
      ['XADD', 'k', 'NOMKSTREAM', '2-*', 'after', 'the last id'],
    ],
  },
}; // prettier-ignore

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `element ${at}`);
}

for (const [from, to] of [
  ['this', 'the other'],
  ['the other', 'this'],
] as const) {
  describe(`A key that is copied from ${from} server to ${to}, which may be of another version`, () => {
    const servers: CacheServer[] = [];
    let source: Redis;
    let target: Redis;
    let transfers: Transfers;

    before(async () => {
      const other = process.env['CACHIFY_OTHER_REDIS_SERVER'];
      const [here, there] = from === 'this' ? [undefined, other] : [other, undefined];
      for (const program of [here, there]) servers.push(await startRedis({ program }));
      [source, target] = servers.map(({ port }) => new Redis(port, '127.0.0.1', { protocol: 2 })) as [
        Redis,
        Redis,
      ];
      const [first, second] = servers.map(({ port }) => ({ port })) as [{ port: number }, { port: number }];
      transfers = await transfersOver({ source: first, target: second });
    });

    beforeEach(() => Promise.all([source.flushall(), target.flushall()]));

    after(async () => {
      await transfers.close();
      source.disconnect();
      target.disconnect();
      for (const server of servers) await server.stop();
    });

    const copied = () =>
      copyKey({
        gate: transfers.gate,
        request: transfers.request('target', 'key.copy'),
        from: { connection: transfers.connection('source'), db: 0, key: Buffer.from('k') },
        to: { connection: transfers.connection('target'), key: Buffer.from('k') },
        replace: false,
        clock: systemClock,
      });
    const run = async (peer: Redis, commands: readonly string[][]): Promise<unknown[]> => {
      const replies: unknown[] = [];
      for (const [name = '', ...args] of commands) replies.push(await peer.call(name, ...args));
      return replies;
    };
    const knowsFieldTtls = async (peer: Redis): Promise<boolean> => {
      const [known] = (await peer.call('COMMAND', 'INFO', 'HPEXPIREAT')) as unknown[];
      return known !== null;
    };

    for (const [type, { make, tell }] of Object.entries(types)) {
      it(`arrives whole, with its time to live: a ${type}`, async () => {
        await run(source, make);
        await source.pexpireat('k', far);
        const outcome = await copied();
        assert.equal(outcome.status, 'applied');
        assert.equal(await target.pexpiretime('k'), far);
        assert.deepEqual(sorted(type, await run(target, tell)), sorted(type, await run(source, tell)));
      });
    }

    it('keeps the times to live of its fields, or is not copied and says why', async () => {
      await source.hset('k', { f: '1', g: '2' });
      if (await knowsFieldTtls(source)) await source.call('HPEXPIREAT', 'k', fieldExpiry, 'FIELDS', '1', 'f');
      const hasOne = await knowsFieldTtls(source);
      const canKeep = await knowsFieldTtls(target);
      const outcome = await copied().catch((thrown: unknown) => toEngineError(thrown));
      if (!hasOne || canKeep) {
        assert.deepEqual(await target.hgetall('k'), { f: '1', g: '2' });
        if (hasOne)
          assert.deepEqual(await target.call('HPEXPIRETIME', 'k', 'FIELDS', '1', 'f'), [Number(fieldExpiry)]);
      } else {
        assert.equal('reason' in outcome ? outcome.reason : outcome.status, 'unsupported');
        assert.equal(await target.exists('k'), 0);
      }
    });
  });
}

/** The pairs of a hash have no order of their own. */
function sorted(type: string, replies: unknown[]): unknown {
  const [first] = replies;
  return type === 'hash' && Array.isArray(first)
    ? Object.entries(pairsOf(first as string[])).sort()
    : replies;
}

function pairsOf(flat: readonly string[]): Record<string, string> {
  return Object.fromEntries(flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1] ?? '']] : [])));
}
