import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import { RedisLink, type Arg } from '../../../src/providers/redis/redisLink';
import { probeServer } from '../../../src/providers/redis/probe';
import { startRedis, type CacheServer } from '../../helpers/cacheServer';
import { aProfile } from '../../helpers/ports';
import { rejectsWith } from '../../helpers/rejects';
import { call } from '../providerContract';

/** Writes that a list of forbidden names easily forgets. */
const sneaky: readonly (readonly [string, ...Arg[]])[] = [
  ['SET', 'k', 'v'], ['EVAL', "return redis.call('SET','k','v')", 0], ['EVALSHA', 'abc', 0], ['FCALL', 'f', 0],
  ['JSON.SET', 'k', '$', '1'], ['GETEX', 'k', 'EX', 10], ['GETDEL', 'k'], ['CONFIG', 'SET', 'maxmemory', '1'],
  ['CONFIG', 'REWRITE'], ['SORT', 'k', 'STORE', 'other'], ['SORT', 'k'], ['RESTORE', 'k', 0, 'x'], ['COPY', 'k', 'l'],
  ['FLUSHALL'], ['FLUSHDB'], ['SWAPDB', 0, 1], ['DEBUG', 'SLEEP', 0], ['SCRIPT', 'FLUSH'], ['FUNCTION', 'FLUSH'],
  ['ACL', 'SETUSER', 'x'], ['CLIENT', 'KILL', 'ID', 1], ['CLIENT', 'PAUSE', 1], ['XGROUP', 'CREATE', 'k', 'g', '0'],
  ['SLOWLOG', 'RESET'], ['LATENCY', 'RESET'], ['PUBLISH', 'c', 'm'], ['MULTI'], ['SHUTDOWN'], ['REPLICAOF', 'no', 'one'],
  ['BITFIELD', 'k', 'SET', 'u8', 0, 1], ['PFADD', 'k'], ['GEORADIUS', 'k', 0, 0, 1, 'm', 'STORE', 'o'],
  ['SOME.MODULE.WRITE', 'k'],
]; // prettier-ignore

describe('Read-only Redis sessions', () => {
  let server: CacheServer;
  let peer: Redis;
  let link: RedisLink;

  before(async () => {
    server = await startRedis();
    peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
    const request = { profile: aProfile(server.port), secrets: {}, db: 0, isReadOnly: () => true };
    link = new RedisLink(request, 'test');
    link.useCommandTable((await probeServer(link, false, call)).table);
  });
  after(async () => {
    await link.close();
    peer.disconnect();
    await server.stop();
  });

  for (const command of sneaky) {
    it(`G30: refuse ${command.slice(0, 2).join(' ')} before it reaches the server`, async () => {
      const before = await commandsProcessed();
      await rejectsWith(link.send(command, call), 'UNAUTHORIZED', 'read-only');
      await rejectsWith(link.pipeline([command], call), 'UNAUTHORIZED', 'read-only');
      assert.equal(await commandsProcessed(), before + 1);
    });
  }

  it('refuse every command that the server itself flags as a write', async () => {
    const table = (await peer.call('COMMAND')) as [string, number, string[]][];
    const writes = table.filter(([, , flags]) => flags.includes('write')).map(([name]) => name);
    assert.ok(writes.length > 80, String(writes.length));
    for (const name of writes) await rejectsWith(link.send([name, 'k'], call), 'UNAUTHORIZED', 'read-only');
  });

  it('let reads and introspection through', async () => {
    await peer.set('k', 'v');
    for (const command of [
      ['GET', 'k'],
      ['TYPE', 'k'],
      ['CONFIG', 'GET', 'databases'],
      ['SLOWLOG', 'LEN'],
      ['OBJECT', 'ENCODING', 'k'],
    ] as const) {
      await link.send(command, call);
    }
  });

  async function commandsProcessed(): Promise<number> {
    return Number(/total_commands_processed:(\d+)/.exec(await peer.info('stats'))?.[1]);
  }
});
