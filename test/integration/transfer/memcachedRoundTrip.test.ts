import assert from 'node:assert/strict';
import { issuePermit } from '../../../src/engine/connections/writePermit';
import { systemClock } from '../../../src/engine/kernel/clock';
import { copyKey } from '../../../src/engine/transfer/copyKey';
import { startMemcached, type CacheServer } from '../../helpers/cacheServer';
import { MemcachedPeer } from '../../helpers/memcachedPeer';
import { partsOf } from '../../helpers/parts';
import { seededRandom } from '../../helpers/random';
import { RandomValues, type RandomKey } from '../../helpers/randomValues';
import { readBytes } from '../providerContract';
import { transfersOver, type Transfers } from './transferFixture';

const limits = { timeoutMs: 3000 };

describe('items of Memcached in and out of files', () => {
  let servers: readonly [CacheServer, CacheServer];
  let transfers: Transfers;
  before(async () => {
    servers = [await startMemcached(), await startMemcached()];
  });
  after(() => Promise.all(servers.map((server) => server.stop())));
  beforeEach(async () => {
    for (const { port } of servers) {
      const peer = await MemcachedPeer.connect(port);
      await peer.ask('flush_all\r\n');
      peer.close();
    }
    const [from, to] = servers;
    const engine = 'memcached';
    transfers = await transfersOver({ from: { port: from.port, engine }, to: { port: to.port, engine } });
  });
  afterEach(() => transfers.close());

  async function plant(): Promise<RandomKey[]> {
    const random = new RandomValues(seededRandom(11));
    const provider = await transfers.connection('from').provider(0);
    const permit = issuePermit('from', 'plant');
    const keys = Array.from({ length: 60 }, (_, i) => random.key('item', `item:${i}`, Date.now()));
    for (const { head, parts } of keys) {
      const { expireAtMs } = head;
      const ttl =
        expireAtMs === undefined ? ({ mode: 'remove' } as const) : ({ mode: 'set', expireAtMs } as const);
      await provider.load(head.key, partsOf(...parts), { ttl, replace: false }, permit, limits);
    }
    return keys;
  }

  async function check(keys: readonly RandomKey[]): Promise<void> {
    const provider = await transfers.connection('to').provider(0);
    for (const { head, parts } of keys) {
      const facts = await provider.describe(head.key, limits);
      const bytes = Buffer.concat(parts.map((part) => ('bytes' in part ? part.bytes : Buffer.alloc(0))));
      assert.deepEqual([await readBytes(provider, head.key), facts?.flags], [bytes, head.flags]);
      const left = head.expireAtMs === undefined ? undefined : Number(head.expireAtMs) - Date.now();
      assert.equal(facts?.ttlMs === undefined, left === undefined);
      if (left !== undefined)
        assert.ok(Math.abs((facts?.ttlMs ?? 0) - left) < 3000, 'the expiry, to the second');
    }
  }

  it('come back byte for byte, with flags and times to live', async () => {
    const keys = await plant();
    const report = await transfers.imported('to', await transfers.exported('from'));
    assert.deepEqual([report.written, report.keys, report.error], [60, 60, undefined]);
    await check(keys);
  });

  it('are copied from one server to another', async () => {
    const keys = await plant();
    for (const { head } of keys) {
      const outcome = await copyKey({
        gate: transfers.gate,
        request: transfers.request('to', 'key.duplicate'),
        from: { connection: transfers.connection('from'), db: 0, key: head.key },
        to: { connection: transfers.connection('to'), key: head.key },
        replace: false,
        clock: systemClock,
      });
      assert.equal(outcome.status, 'applied');
    }
    await check(keys);
  });
});
