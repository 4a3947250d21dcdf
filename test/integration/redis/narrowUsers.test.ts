import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import type { Change } from '../../../src/engine/connections/change';
import type { EngineError } from '../../../src/engine/kernel/errors';
import { redisFactory } from '../../../src/providers/redis/redisProvider';
import { issuePermit, revokePermit } from '../../../src/engine/connections/writePermit';
import { type CacheServer, startRedis } from '../../helpers/cacheServer';
import { aProfile } from '../../helpers/ports';
import { rejectsWith } from '../../helpers/rejects';
import { apply, call } from '../providerContract';

const id = 'test-connection';
const text = (value: string): Buffer => Buffer.from(value);
const keep = { mode: 'keep' } as const;

describe('A user who may do little', () => {
  let server: CacheServer;
  let peer: Redis;
  const open: CacheProvider[] = [];

  before(async () => {
    server = await startRedis();
    peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
  });
  beforeEach(() => peer.flushall());
  afterEach(async () => {
    for (const provider of open.splice(0)) await provider.close();
  });
  after(async () => {
    peer.disconnect();
    await server.stop();
  });

  async function as(username: string, ...rules: string[]): Promise<CacheProvider> {
    await peer.call('ACL', 'SETUSER', username, 'reset', 'on', '>p', '~*', '+@all', ...rules);
    const profile = aProfile(server.port, { auth: { method: 'password', username, secret: 'stored' } });
    const request = { profile, secrets: { password: 'p' }, db: 0, isReadOnly: () => false };
    const provider = await redisFactory.open(request, call);
    open.push(provider);
    return provider;
  }
  /** Whether the server compares strings by itself. */
  const compares = async (): Promise<boolean> => {
    await peer.set('probe', 'v');
    return peer.call('SET', 'probe', 'w', 'IFEQ', 'v').then(
      () => true,
      () => false,
    );
  };

  it('of scripts edits, makes and deletes strings where the server compares by itself', async () => {
    const provider = await as('plain', '-@scripting');
    await peer.set('s', 'one', 'PX', 100_000);
    const edit: Change = {
      kind: 'string.set',
      key: text('s'),
      before: text('one'),
      after: text('two'),
      ttl: keep,
    };
    if (!(await compares())) {
      const error = await rejectsWith(apply(provider, id, edit), 'UNAUTHORIZED', 'no-permission');
      assert.match(error.message, /needs the command EVAL/);
      assert.equal(await peer.get('s'), 'one');
    } else {
      assert.deepEqual(await apply(provider, id, edit), { status: 'applied' });
      assert.equal(await peer.get('s'), 'two');
      assert.ok((await peer.pttl('s')) > 90_000, 'the time to live is kept');
      const conflict = { reason: 'changed', current: text('two') };
      assert.deepEqual(await apply(provider, id, edit), { status: 'conflict', conflict });
      await peer.del('s');
      assert.deepEqual(await apply(provider, id, edit), { status: 'conflict', conflict: { reason: 'gone' } });
      await peer.rpush('s', 'x');
      assert.deepEqual(await apply(provider, id, edit), {
        status: 'conflict',
        conflict: { reason: 'wrong-type' },
      });
      await peer.del('s');
    }
    const make: Change = {
      kind: 'create',
      key: text('new'),
      value: { type: 'string', bytes: text('v') },
      ttl: keep,
    };
    assert.deepEqual(await apply(provider, id, make), { status: 'applied' });
    assert.deepEqual(await apply(provider, id, make), { status: 'conflict', conflict: { reason: 'exists' } });
    const permit = issuePermit(id, 'test');
    assert.deepEqual((await provider.remove([text('new')], permit, call)).outcomes, ['affected']);
    revokePermit(permit);
  });

  it('of one command within a script is told which, and not as a fault of ours', async () => {
    const provider = await as('nohset', '-hset');
    await peer.hset('h', 'f', 'v');
    const edits = [{ field: text('f'), before: text('v'), after: text('w') }];
    const edit: Change = { kind: 'elements', key: text('h'), edits: { type: 'hash', edits } };
    const error = await rejectsWith(apply(provider, id, edit), 'UNAUTHORIZED', 'no-permission');
    assert.match(error.message, /'hset'/);
    assert.doesNotMatch(error.message, /@user_script|[0-9a-f]{40}/);
    assert.equal(await peer.hget('h', 'f'), 'v');
  });

  it('called like an error of streams is refused, and told nothing else', async () => {
    const provider = await as('NOGROUP', '-xgroup');
    await peer.xadd('s', '1-1', 'f', 'v');
    await peer.xgroup('CREATE', 's', 'g', '0');
    const act: Change = { kind: 'stream', key: text('s'), act: { act: 'deleteGroup', group: text('g') } };
    await rejectsWith(apply(provider, id, act), 'UNAUTHORIZED', 'no-permission');
  });

  it('of INFO still sees which server it is, and loses no counter of a stream', async () => {
    const all = await as('all');
    const provider = await as('blind', '-info');
    assert.deepEqual(
      [provider.identity.product, provider.identity.version],
      [all.identity.product, all.identity.version],
    );
  });

  it('of PTTL and PEXPIRETIME is told that the time to live cannot be read, not that there is none', async () => {
    const provider = await as('notimes', '-pttl', '-pexpiretime');
    await peer.set('s', 'v', 'PX', 100_000);
    const facts = await provider.describe(text('s'), call);
    assert.equal(facts?.ttlMs, undefined);
    assert.match(facts?.hiddenTtl ?? '', /cannot be read/);
  });

  it('whose database does not exist, or is closed, is told of SELECT', async () => {
    const profile = aProfile(server.port);
    const opening = (db: number, name?: string): Promise<CacheProvider> => {
      const auth =
        name === undefined
          ? {}
          : ({ auth: { method: 'password', username: name, secret: 'stored' } } as const);
      const request = {
        profile: { ...profile, ...auth },
        secrets: { password: 'p' },
        db,
        isReadOnly: () => false,
      };
      return redisFactory.open(request, call);
    };
    const missing = await rejectsWith(opening(99), 'VALIDATION_ERROR', 'invalid');
    assert.match(missing.message, /no logical database/);
    const limits = await peer.call('ACL', 'SETUSER', 'narrow', 'on', '>p', '~*', '+@all', 'db=0').then(
      () => true,
      () => false,
    );
    // where a user cannot be kept out of a database, one without SELECT is
    if (!limits) await peer.call('ACL', 'SETUSER', 'narrow', 'on', '>p', '~*', '+@all', '-select');
    const closed: EngineError = await rejectsWith(opening(2, 'narrow'), 'UNAUTHORIZED', 'no-permission');
    assert.match(closed.message, /^SELECT: /);
  });
});
