import assert from 'node:assert/strict';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import type { LoadOptions, ValuePart } from '../../../src/engine/connections/valuePart';
import { issuePermit } from '../../../src/engine/connections/writePermit';
import { memcachedFactory } from '../../../src/providers/memcached/memcachedProvider';
import { startMemcached, type CacheServer } from '../../helpers/cacheServer';
import { MemcachedPeer } from '../../helpers/memcachedPeer';
import { partsOf } from '../../helpers/parts';
import { aProfile } from '../../helpers/ports';
import { rejectsWith } from '../../helpers/rejects';
import { call, readBytes } from '../providerContract';

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
