import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import type { Change } from '../../../src/engine/connections/change';
import type { HashEdit } from '../../../src/engine/connections/elementEdits';
import { redisFactory } from '../../../src/providers/redis/redisProvider';
import { startRedis, type CacheServer } from '../../helpers/cacheServer';
import { eventually } from '../../helpers/eventually';
import { aProfile } from '../../helpers/ports';
import { rejectsWith } from '../../helpers/rejects';
import { apply, call } from '../providerContract';

const id = 'test-connection';
const text = (value: string): Buffer => Buffer.from(value);
const changing: HashEdit = { field: text('a'), before: text('1'), after: text('2') };
const removing: HashEdit = { field: text('b'), before: text('1') };
const changeOf = (...edits: HashEdit[]): Change => ({
  kind: 'elements',
  key: text('k'),
  edits: { type: 'hash', edits },
});

describe('Edits of elements that a server does not take', () => {
  let server: CacheServer;
  let peer: Redis;
  let open: CacheProvider[];

  before(async () => {
    server = await startRedis({ args: ['--repl-diskless-sync-delay', '0'] });
    peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
    peer.on('error', () => undefined);
  });
  after(async () => {
    peer.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    open = [];
    await peer.flushall();
    await peer.hset('k', { a: '1', b: '1' });
  });
  afterEach(() => Promise.all(open.map((provider) => provider.close())));

  async function connect(port: number, user?: string): Promise<CacheProvider> {
    const auth =
      user === undefined ? {} : { auth: { method: 'password', username: user, secret: 'stored' } as const };
    const request = {
      profile: aProfile(port, auth),
      secrets: user === undefined ? {} : { password: 'p' },
      db: 0,
      isReadOnly: () => false,
    };
    const provider = await redisFactory.open(request, call);
    open.push(provider);
    return provider;
  }

  it('are not half made when the user may do only one half', async () => {
    await peer.call('ACL', 'SETUSER', 'half', 'on', '>p', '~*', '+@read', '+@connection', '+eval', '+hset');
    const provider = await connect(server.port, 'half');
    const made = apply(provider, id, changeOf(changing, removing));
    const error = await rejectsWith(made, 'UNAUTHORIZED', 'no-permission');
    assert.match(error.message, /hdel/);
    assert.deepEqual(await peer.hgetall('k'), { a: '1', b: '1' });
    assert.equal((await apply(provider, id, changeOf(changing))).status, 'applied');
  });

  it('say that scripts are not allowed', async () => {
    await peer.call('ACL', 'SETUSER', 'noeval', 'on', '>p', '~*', '+@all', '-@scripting');
    const made = apply(await connect(server.port, 'noeval'), id, changeOf(changing));
    const error = await rejectsWith(made, 'UNAUTHORIZED', 'no-permission');
    assert.match(error.message, /needs the command EVAL/);
    assert.equal(await peer.hget('k', 'a'), '1');
  });

  it('say that a command which a script reads with is not allowed', async () => {
    await peer.call('ACL', 'SETUSER', 'noread', 'on', '>p', '~*', '+@all', '-hget');
    const made = apply(await connect(server.port, 'noread'), id, changeOf(changing));
    await rejectsWith(made, 'UNAUTHORIZED', 'no-permission');
    assert.equal(await peer.hget('k', 'a'), '1');
  });

  it('say that the server is a read-only replica', async () => {
    const replica = await startRedis({ args: ['--replicaof', '127.0.0.1', String(server.port)] });
    try {
      const reader = new Redis(replica.port, '127.0.0.1', { protocol: 2 });
      await eventually('the replica has the key', async () =>
        (await reader.exists('k')) === 1 ? true : undefined,
      );
      const made = apply(await connect(replica.port), id, changeOf(changing));
      const error = await rejectsWith(made, 'UNAUTHORIZED', 'read-only');
      assert.match(error.message, /read-only replica/);
      assert.equal(await reader.hget('k', 'a'), '1');
      reader.disconnect();
    } finally {
      await replica.stop();
    }
  });

  it('are never called applied when the server was killed and came back without the key', async () => {
    const provider = await connect(server.port);
    assert.equal((await apply(provider, id, changeOf(changing))).status, 'applied');
    await server.kill();
    const back: HashEdit = { field: text('a'), before: text('2'), after: text('1') };
    await assert.rejects(apply(provider, id, changeOf(back)));
    await server.start();
    const outcome = await apply(provider, id, changeOf(back));
    assert.deepEqual(outcome, { status: 'conflict', conflict: { reason: 'gone' } });
    for (const lost of [changeOf(back), changeOf({ field: text('a'), before: text('2') })])
      assert.equal(await provider.wasApplied(lost, call), undefined);
  });
});
