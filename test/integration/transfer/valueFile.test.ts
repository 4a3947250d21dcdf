import assert from 'node:assert/strict';
import { createHash, randomFillSync } from 'node:crypto';
import { Redis } from 'ioredis';
import { systemClock } from '../../../src/engine/kernel/clock';
import type { FileSource } from '../../../src/engine/transfer/ports';
import { chunkBytes, largestValue, loadFile, saveValue } from '../../../src/engine/transfer/valueFile';
import { startRedis, type CacheServer } from '../../helpers/cacheServer';
import { memoryFile, memorySink } from '../../helpers/memoryFile';
import { rejectsWith } from '../../helpers/rejects';
import { transfersOver, type Transfers } from './transferFixture';

const key = Buffer.from('value');
const big = 200 * 1024 * 1024;
const limits = { timeoutMs: 5000 };

/** A file of `size` bytes that are made as they are read, the same at each reading. */
function madeFile(size: number): FileSource & { digest(): string } {
  const block = randomFillSync(Buffer.alloc(chunkBytes));
  const chunks = function* (): Iterable<Buffer> {
    for (let at = 0; at < size; at += chunkBytes) {
      block.writeUInt32BE(at, 0);
      yield Buffer.from(block.subarray(0, Math.min(chunkBytes, size - at)));
    }
  };
  return {
    size,
    async *chunks() {
      yield* chunks();
    },
    digest() {
      const hash = createHash('sha256');
      for (const chunk of chunks()) hash.update(chunk);
      return hash.digest('hex');
    },
  };
}

describe('a value in and out of a file', () => {
  let server: CacheServer;
  let peer: Redis;
  let transfers: Transfers;
  before(async () => {
    server = await startRedis();
    peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
  });
  after(async () => {
    await peer.quit();
    await server.stop();
  });
  beforeEach(async () => {
    await peer.flushall();
    transfers = await transfersOver({ c: { port: server.port } });
  });
  afterEach(() => transfers.close());

  const load = (source: FileSource, changes: Partial<Parameters<typeof loadFile>[0]> = {}) =>
    loadFile({
      gate: transfers.gate, request: transfers.request('c', 'key.load'), key, source, as: { kind: 'string' },
      ttl: { mode: 'keep' }, ...changes,
    }); // prettier-ignore
  const reader = () => transfers.connection('c').provider(0);

  it('of 200 MB comes back with the same digest', async () => {
    const file = madeFile(big);
    let told = 0;
    assert.equal((await load(file, { onProgress: (bytes) => (told = bytes) })).status, 'applied');
    assert.deepEqual([told, await peer.strlen(key)], [big, big]);
    const hash = createHash('sha256');
    const sink = { ...memorySink(), write: async (content: string | Buffer) => void hash.update(content) };
    const saved = await saveValue({
      reader: await reader(),
      call: limits,
      key,
      sink,
      sealKey: undefined,
      clock: systemClock,
    });
    assert.deepEqual([saved, hash.digest('hex')], [big, file.digest()]);
  }).timeout(120_000);

  it('replaces what was seen, and keeps its time to live', async () => {
    await peer.set(key, 'before', 'PX', 3_600_000);
    const seen = { type: 'string', length: 6 } as const;
    assert.equal((await load(memoryFile('after'), { seen })).status, 'applied');
    assert.equal(await peer.get(key), 'after');
    assert.ok((await peer.pttl(key)) > 3_590_000);
    const late = await load(memoryFile('late'), { seen });
    assert.equal(late.status === 'conflict' && late.conflict.reason, 'changed');
    assert.equal((await load(memoryFile(''), { seen: { type: 'string' } })).status, 'applied');
    assert.equal(await peer.get(key), '');
  });

  it('is refused above 512 MiB, unread, and when the file changes while it is read', async () => {
    const never = { size: largestValue + 1, chunks: () => assert.fail('it was read') };
    const error = await rejectsWith(load(never), 'VALIDATION_ERROR', 'invalid');
    assert.match(error.message, /536870913 bytes/);
    await rejectsWith(load({ ...memoryFile('short'), size: 9 }), 'VALIDATION_ERROR', 'invalid');
    assert.equal(await peer.dbsize(), 0);
  });

  it('is an export of one key when it is no text', async () => {
    await peer.rpush(key, 'a', 'b');
    const sink = memorySink();
    await saveValue({
      reader: await reader(),
      call: limits,
      key,
      sink,
      sealKey: undefined,
      clock: systemClock,
    });
    await peer.flushall();
    const report = await transfers.imported('c', sink.content());
    assert.deepEqual([report.written, await peer.lrange(key, 0, -1)], [1, ['a', 'b']]);
  });

  it('leaves no file when it is gone or the saving is cancelled', async () => {
    const gone = memorySink();
    const job = { reader: await reader(), call: limits, key, sealKey: undefined, clock: systemClock };
    await rejectsWith(saveValue({ ...job, sink: gone }), 'CONFLICT', 'gone');
    await peer.set(key, Buffer.alloc(2_000_000));
    const abort = new AbortController();
    const sink = memorySink();
    const saving = saveValue({
      ...job,
      call: { ...limits, signal: abort.signal },
      sink,
      onProgress: () => abort.abort(),
    });
    await rejectsWith(saving, 'TIMEOUT', 'cancelled');
    assert.deepEqual([gone.state, sink.state], ['discarded', 'discarded']);
  });
});
