import assert from 'node:assert/strict';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import type { Change } from '../../../src/engine/connections/change';
import type { LoadOptions, ValuePart } from '../../../src/engine/connections/valuePart';
import { issuePermit } from '../../../src/engine/connections/writePermit';
import { memcachedFactory } from '../../../src/providers/memcached/memcachedProvider';
import { startMemcached, type CacheServer } from '../../helpers/cacheServer';
import { MemcachedPeer } from '../../helpers/memcachedPeer';
import { partsOf } from '../../helpers/parts';
import { aProfile } from '../../helpers/ports';
import { rejectsWith } from '../../helpers/rejects';
import { apply, call, readBytes } from '../providerContract';

const connectionId = 'test-connection';
const key = Buffer.from('k');
const fresh: LoadOptions = { ttl: { mode: 'remove' }, replace: false };

describe('an item loaded into Memcached', () => {
  let server: CacheServer;
  let peer: MemcachedPeer;
  let provider: CacheProvider;
  before(async () => {
    server = await startMemcached({ args: ['-I', '2m'] });
    peer = await MemcachedPeer.connect(server.port);
  });
  after(async () => {
    peer.close();
    await server.stop();
  });
  beforeEach(async () => {
    await peer.ask('flush_all\r\n');
    const profile = aProfile(server.port, { engine: 'memcached' });
    provider = await memcachedFactory.open({ profile, secrets: {}, db: 0, isReadOnly: () => false }, call);
  });
  afterEach(() => provider.close());

  const load = (options: LoadOptions, ...parts: readonly Buffer[]) =>
    provider.load(key, partsOf(...parts.map(item)), options, issuePermit(connectionId, 'load'), call);
  const item = (bytes: Buffer): ValuePart => ({ kind: 'item', bytes, flags: 4_294_967_295 });

  it('is written whole, with its flags and time to live', async () => {
    const pieces = [Buffer.from([0, 255, 13, 10]), Buffer.alloc(0), Buffer.from('end')];
    const ttl = { mode: 'set', expireAtMs: Date.now() + 31 * 86_400_000 } as const;
    assert.deepEqual(await load({ ttl, replace: false }, ...pieces), { status: 'applied' });
    assert.deepEqual(await readBytes(provider, key), Buffer.concat(pieces));
    const facts = await provider.describe(key, call);
    assert.equal(facts?.flags, 4_294_967_295);
    assert.ok(Math.abs((facts.ttlMs ?? 0) - 31 * 86_400_000) < 5000, 'G19: beyond 30 days');
  });

  it('is a conflict with an item that exists', async () => {
    await peer.set('k', 'theirs');
    const outcome = await load(fresh, Buffer.from('mine'));
    assert.equal(outcome.status === 'conflict' && outcome.conflict.reason, 'exists');
    assert.equal(String(await readBytes(provider, key)), 'theirs');
  });

  it('replaces an item, keeps its time to live, and only if it is still the one that was seen', async () => {
    await peer.set('k', 'old', 5, 5000);
    const seen = await provider.describe(key, call);
    const replace = { ttl: { mode: 'keep' }, replace: true } as const;
    const cas = seen?.cas ?? '';
    assert.equal(
      (await load({ ...replace, seen: { type: 'item', cas } }, Buffer.from('new'))).status,
      'applied',
    );
    const facts = await provider.describe(key, call);
    assert.ok((facts?.ttlMs ?? 0) > 4_990_000);
    const stale = await load({ ...replace, seen: { type: 'item', cas } }, Buffer.from('late'));
    assert.equal(stale.status === 'conflict' && stale.conflict.reason, 'changed');
    assert.equal(String(await readBytes(provider, key)), 'new');
    await peer.ask('delete k\r\n');
    const gone = await load({ ...replace, seen: { type: 'item', cas } }, Buffer.from('late'));
    assert.equal(gone.status === 'conflict' && gone.conflict.reason, 'gone');
  });

  it('says the limit when it is too large, and leaves what is there', async () => {
    await peer.set('k', 'theirs');
    const sizes = [2 * 1024 * 1024 - 20, 3 * 1024 * 1024];
    for (const size of sizes) {
      const loading = load({ ttl: { mode: 'remove' }, replace: true }, Buffer.alloc(size));
      const error = await rejectsWith(loading, 'VALIDATION_ERROR', 'invalid');
      assert.match(error.message, /2097152 bytes/);
    }
    assert.equal(String(await readBytes(provider, key)), 'theirs');
    const largest = Buffer.alloc(2 * 1024 * 1024 - 65, 'x');
    assert.equal((await load({ ttl: { mode: 'remove' }, replace: true }, largest)).status, 'applied');
  });

  it('leaves what is there when an edit, or a new item, is larger than the server takes', async () => {
    await peer.set('k', 'theirs');
    const facts = await provider.describe(key, call);
    const ttl = { mode: 'keep' } as const;
    const tooLong = Buffer.alloc(3 * 1024 * 1024);
    const before = Buffer.from('theirs');
    const changes: Change[] = [
      { kind: 'item.set', key, before, after: tooLong, cas: facts?.cas ?? '', flags: 0, ttl },
      { kind: 'create', key, value: { type: 'item', bytes: tooLong, flags: 0 }, ttl },
    ];
    for (const change of changes) {
      const error = await rejectsWith(apply(provider, connectionId, change), 'VALIDATION_ERROR', 'invalid');
      assert.match(error.message, /2097152 bytes/);
      assert.equal(String(await readBytes(provider, key)), 'theirs', change.kind);
    }
  });

  it('is still there after a write for which a full server has no room, with flags and time to live', async () => {
    const full = await startMemcached({ args: ['-M', '-m', '2'] });
    const filler = await MemcachedPeer.connect(full.port);
    const profile = aProfile(full.port, { engine: 'memcached' });
    const request = { profile, secrets: {}, db: 0, isReadOnly: () => false };
    const session = await memcachedFactory.open(request, call);
    try {
      await filler.set('k', 'theirs', 7, 5000);
      const large = 'x'.repeat(100_000);
      let answer = 'STORED';
      for (let i = 0; i < 1000 && answer.startsWith('STORED'); i++) answer = await filler.set(`f${i}`, large);
      assert.match(answer, /out of memory/);
      const cas = (await session.describe(key, call))?.cas ?? '';
      const [before, after, ttl] = [Buffer.from('theirs'), Buffer.from(large), { mode: 'keep' } as const];
      const change: Change = { kind: 'item.set', key, before, after, cas, flags: 1, ttl };
      await rejectsWith(apply(session, connectionId, change), 'CONNECTION_FAILED', 'server-full');
      const value = { type: 'item', bytes: after, flags: 1 } as const;
      const made = await apply(session, connectionId, { kind: 'create', key, value, ttl });
      assert.equal(made.status === 'conflict' && made.conflict.reason, 'exists');
      const permit = issuePermit(connectionId, 'load');
      const options = { ttl, replace: true } as const;
      const loading = session.load(key, partsOf(item(after)), options, permit, call);
      await rejectsWith(loading, 'CONNECTION_FAILED', 'server-full');
      const facts = await session.describe(key, call);
      assert.deepEqual([facts?.flags, String(await readBytes(session, key))], [7, 'theirs']);
      assert.ok((facts?.ttlMs ?? 0) > 4_900_000);
    } finally {
      await session.close();
      filler.close();
      await full.stop();
    }
  });

  it('keeps a name that no person would choose', async () => {
    const odd = Buffer.from('with space\n\xff', 'latin1');
    const permit = issuePermit(connectionId, 'load');
    const bytes = Buffer.from('v');
    assert.equal((await provider.load(odd, partsOf(item(bytes)), fresh, permit, call)).status, 'applied');
    assert.deepEqual(await readBytes(provider, odd), bytes);
  });

  it('is no copy of a server', async () => {
    await rejectsWith(provider.dump(key, call), 'NOT_SUPPORTED', 'unsupported');
    const list = partsOf({ kind: 'list', elements: [key] });
    await rejectsWith(
      provider.load(key, list, fresh, issuePermit(connectionId, 'x'), call),
      'NOT_SUPPORTED',
      'unsupported',
    );
  });
});
