import assert from 'node:assert/strict';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import type { KeyFacts, ReadRequest, ValuePage } from '../../../src/engine/connections/valuePage';
import { EngineError } from '../../../src/engine/kernel/errors';
import { keyNameOfText } from '../../../src/engine/kernel/keyName';
import { exportKeys, type ExportJob } from '../../../src/engine/transfer/exportKeys';
import { linesFormat } from '../../../src/engine/transfer/fileFormat';
import { openRecords } from '../../../src/engine/transfer/readRecords';
import { valueDigest } from '../../../src/engine/transfer/valueDigest';
import { memoryFile, memorySink } from '../../helpers/memoryFile';
import { rejectsWith } from '../../helpers/rejects';
import { gateOver } from '../keys/writeFixture';

const dropped = new EngineError('CONNECTION_FAILED', 'dropped', 'the link was lost', { retryable: true });
const denied = new EngineError('UNAUTHORIZED', 'no-permission', 'NOPERM');
const full = new EngineError('VALIDATION_ERROR', 'invalid', 'disk full');
const size = 2_000_000;

/** A string of `size` bytes that is read in pages. */
function pageOf(value: Buffer, { cursor = '0', limit }: ReadRequest): ValuePage {
  const offset = Number(cursor);
  const bytes = value.subarray(offset, offset + limit);
  const end = offset + bytes.length;
  return {
    kind: 'bytes',
    offset,
    total: value.length,
    bytes,
    ...(end < value.length && { cursor: String(end) }),
  };
}

async function exported(
  methods: Partial<CacheProvider>,
  changes: Partial<ExportJob> = {},
  names = ['a', 'b'],
) {
  const retry = { maxAttempts: 3, backoffMs: 1, backoffStrategy: 'fixed', abortOnErrorRate: 1 } as const;
  const { connection } = await gateOver(methods, { retry });
  const sink = memorySink();
  const clock = { now: () => 0, monotonic: () => 0 };
  const keys = names.map(keyNameOfText);
  const ending = exportKeys({
    connection,
    db: 0,
    keys,
    format: linesFormat,
    sink,
    sealKey: undefined,
    clock,
    ...changes,
  });
  return { sink, ending };
}

/** Names and digests of the keys that are whole in a file. */
async function wholeKeys(file: Buffer): Promise<string[]> {
  const names: string[] = [];
  for await (const record of (await openRecords(memoryFile(file, 10_000).chunks())).records) {
    if (record.kind !== 'key') continue;
    const digest = await valueDigest(record.parts).catch(() => 'broken');
    names.push(digest === 'broken' ? `${String(record.key)} is broken` : String(record.key));
  }
  return names;
}

describe('an export', () => {
  const value = Buffer.alloc(size, 'v');
  const facts: KeyFacts = { type: 'string', typeName: 'string', length: size };
  const reads: Pick<CacheProvider, 'describe' | 'read'> = {
    describe: () => Promise.resolve(facts),
    read: (_key, request) => Promise.resolve(pageOf(value, request)),
  };

  it('takes back a key that a lost link cut off, and writes it again', async () => {
    let pages = 0;
    const read: CacheProvider['read'] = (_key, request) =>
      ++pages === 3 ? Promise.reject(dropped) : Promise.resolve(pageOf(value, request));
    const { sink, ending } = await exported({ ...reads, read });
    const report = await ending;
    assert.deepEqual([report.keys, report.failed, sink.state], [2, 0, 'committed']);
    assert.deepEqual(await wholeKeys(sink.content()), ['a is broken', 'a', 'b']);
  });

  it('leaves no file when the link stays lost', async () => {
    const { sink, ending } = await exported({ ...reads, read: () => Promise.reject(dropped) });
    await rejectsWith(ending, 'CONNECTION_FAILED', 'dropped');
    assert.equal(sink.state, 'discarded');
  });

  it('tells keys that may not be read or changed while they were, and exports the rest', async () => {
    const read: CacheProvider['read'] = (key, request) => {
      if (key.toString() === 'denied') return Promise.reject(denied);
      const page = pageOf(value, request);
      return Promise.resolve(
        key.toString() === 'moving' && page.kind === 'bytes' && page.offset > 600_000
          ? { ...page, total: 5 }
          : page,
      );
    };
    const { sink, ending } = await exported({ ...reads, read }, {}, ['denied', 'moving', 'fine']);
    const report = await ending;
    assert.deepEqual([report.keys, report.failed], [1, 2]);
    assert.deepEqual(report.failures.map(({ key, error }) => [key, error.reason]), [['denied', 'no-permission'], ['moving', 'changed']]); // prettier-ignore
    assert.deepEqual(await wholeKeys(sink.content()), ['moving is broken', 'fine']);
  });

  it('G50: leaves no file when it is cancelled', async () => {
    const abort = new AbortController();
    const { sink, ending } = await exported(reads, { signal: abort.signal, onProgress: () => abort.abort() });
    await rejectsWith(ending, 'TIMEOUT', 'cancelled');
    assert.equal(sink.state, 'discarded');
  });

  it('leaves no file when the disk is full, even in the middle of a key', async () => {
    for (const writes of [0, 1, 2]) {
      const memory = memorySink();
      let left = writes;
      const write = (content: string | Buffer) => (left-- > 0 ? memory.write(content) : Promise.reject(full));
      const { ending } = await exported(reads, { sink: { ...memory, write } });
      const error = await rejectsWith(ending, 'VALIDATION_ERROR', 'invalid');
      assert.deepEqual([error, memory.state], [full, 'discarded']);
    }
  });
});
