import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import type { Change } from '../../../src/engine/connections/change';
import type { ElementEdits, HashEdit } from '../../../src/engine/connections/elementEdits';
import { applyChange } from '../../../src/providers/redis/applyChange';
import { redisFactory } from '../../../src/providers/redis/redisProvider';
import { startRedis, type CacheServer } from '../../helpers/cacheServer';
import { eventually } from '../../helpers/eventually';
import { aProfile } from '../../helpers/ports';
import { rejectsWith } from '../../helpers/rejects';
import { ShimLink } from '../../helpers/shimLink';
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

  it('are not half made either on a server that cannot be asked for rights', async () => {
    await peer.call(
      'ACL',
      'SETUSER',
      'half',
      'reset',
      'on',
      '>p',
      '~*',
      '+@read',
      '+eval',
      '+hset',
      '+lset',
      '+sadd',
    );
    await peer.sadd('s', 'absent', 'm');
    await peer.rpush('l', 'a', 'b');
    const profile = aProfile(server.port, {
      auth: { method: 'password', username: 'half', secret: 'stored' },
    });
    const request = { profile, secrets: { password: 'p' }, db: 0, isReadOnly: () => false };
    const before6 =
      'local redis = {call = redis.call, pcall = redis.pcall, error_reply = redis.error_reply} ';
    const link = new ShimLink(request, before6, /^$/);
    const halves: ElementEdits[] = [
      { type: 'hash', edits: [changing, removing] },
      { type: 'set', edits: [{ member: text('n'), before: false, after: true }, { member: text('m'), before: true, after: false }] },
      { type: 'list', edits: [{ index: 0, before: text('a'), after: text('A') }, { index: 1, before: text('b') }] },
    ]; // prettier-ignore
    for (const edits of halves) {
      const made: Change = {
        kind: 'elements',
        key: text(edits.type === 'hash' ? 'k' : edits.type.slice(0, 1)),
        edits,
      };
      await rejectsWith(applyChange(link, made, call), 'UNAUTHORIZED', 'no-permission');
    }
    await link.close();
    assert.deepEqual(await peer.hgetall('k'), { a: '1', b: '1' });
    assert.deepEqual((await peer.smembers('s')).sort(), ['absent', 'm']);
    assert.deepEqual(await peer.lrange('l', 0, -1), ['a', 'b']);
  });

  it('do not make a key without the expiry that the user may not set', async () => {
    await peer.call('ACL', 'SETUSER', 'forever', 'on', '>p', '~*', '+@all', '-pexpireat');
    const provider = await connect(server.port, 'forever');
    const edits: ElementEdits = { type: 'hash', edits: [{ field: text('a'), after: text('1') }] };
    const again: Change = {
      kind: 'elements',
      key: text('new'),
      edits,
      recreate: { expireAtMs: Date.now() + 9999 },
    };
    await rejectsWith(apply(provider, id, again), 'UNAUTHORIZED', 'no-permission');
    const value = { type: 'string', bytes: text('v') } as const;
    const ttl = { mode: 'set', expireAtMs: Date.now() + 9999 } as const;
    const created = apply(provider, id, { kind: 'create', key: text('new'), value, ttl });
    await rejectsWith(created, 'UNAUTHORIZED', 'no-permission');
    assert.equal(await peer.exists('new'), 0);
  });

  it('G16: keep the time to live of a string when the user may not set one', async () => {
    await peer.call('ACL', 'SETUSER', 'nottl', 'on', '>p', '~*', '+@all', '-pexpire', '-pexpireat');
    await peer.set('s', 'v', 'PX', 100_000);
    const expiry = await peer.pexpiretime('s');
    const provider = await connect(server.port, 'nottl');
    const set = { kind: 'string.set', key: text('s'), before: text('v'), after: text('w') } as const;
    assert.equal((await apply(provider, id, { ...set, ttl: { mode: 'keep' } })).status, 'applied');
    assert.equal(await peer.pexpiretime('s'), expiry);
    const ttl = { mode: 'set', expireAtMs: Date.now() + 5000 } as const;
    const refused = apply(provider, id, { ...set, before: text('w'), after: text('x'), ttl });
    await rejectsWith(refused, 'UNAUTHORIZED', 'no-permission');
    assert.equal(await peer.get('s'), 'w');
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
    const ending = await apply(provider, id, changeOf(back)).then(
      ({ status }) => status,
      () => 'rejected',
    );
    // whether the socket is known to be dead already is up to the machine
    assert.match(ending, /^(rejected|unknown)$/);
    await server.start();
    const outcome = await apply(provider, id, changeOf(back));
    assert.deepEqual(outcome, { status: 'conflict', conflict: { reason: 'gone' } });
    for (const lost of [changeOf(back), changeOf({ field: text('a'), before: text('2') })])
      assert.equal(await provider.wasApplied(lost, call), undefined);
  });
});
