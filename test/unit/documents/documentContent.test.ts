import { strict as assert } from 'node:assert';
import type { CacheReader } from '../../../src/engine/connections/cacheProvider';
import type { KeyFacts, ValuePage } from '../../../src/engine/connections/valuePage';
import { readContent } from '../../../src/extension/documents/documentContent';
import type { DocumentElement } from '../../../src/extension/documents/documentTarget';
import { views } from '../codecs/viewsFixture';
import { fakeProvider } from '../connections/fakeProvider';
import { rejectsWith } from '../../helpers/rejects';

const key = Buffer.from('k');
const call = { timeoutMs: 100 };

function reader(facts: KeyFacts | undefined, page?: ValuePage): CacheReader {
  return fakeProvider({
    describe: () => Promise.resolve(facts),
    ...(page && { read: () => Promise.resolve(page) }),
  });
}

function bytesPage(text: string, total = Buffer.byteLength(text)): ValuePage {
  return { kind: 'bytes', offset: 0, total, bytes: Buffer.from(text) };
}

function contentOf(from: CacheReader, element?: DocumentElement) {
  return readContent(
    { reader: from, views },
    { connectionId: 'c', db: 0, key, ...(element && { element }) },
    call,
  );
}

describe('what a document shows', () => {
  it('is a string, whose save compares with exactly what was read and keeps the time to live', async () => {
    const content = await contentOf(
      reader({ type: 'string', typeName: 'string', length: 3 }, bytesPage('one')),
    );
    assert.deepEqual(content?.changeTo?.(Buffer.from('two')), {
      kind: 'string.set',
      key,
      before: Buffer.from('one'),
      after: Buffer.from('two'),
      ttl: { mode: 'keep' },
    });
  });

  it('is an item, whose save carries the CAS and the flags that were read', async () => {
    const facts = {
      type: 'item',
      typeName: 'item',
      length: 3,
      flags: 42,
      cas: '18446744073709551615',
    } as const;
    const content = await contentOf(reader(facts, bytesPage('one')));
    const change = content?.changeTo?.(Buffer.from('two'));
    assert.ok(change?.kind === 'item.set');
    assert.deepEqual([change.cas, change.flags, change.ttl], ['18446744073709551615', 42, { mode: 'keep' }]);
  });

  it('is JSON of the module laid out, whose save compares with the text of the server', async () => {
    const server = Buffer.from('{"a":9007199254740993,"b":[]}');
    const page: ValuePage = { kind: 'json', total: server.length, text: server, truncated: false };
    const content = await contentOf(reader({ type: 'json', typeName: 'ReJSON-RL', length: 1 }, page));
    assert.equal(content?.shown.toString(), '{\n  "a": 9007199254740993,\n  "b": []\n}');
    assert.ok(await content.isSame(Buffer.from('{ "a": 9007199254740993, "b": [] }')));
    assert.ok(!(await content.isSame(Buffer.from('{"a":9007199254740992,"b":[]}'))));
    const change = content.changeTo?.(Buffer.from('{}'));
    assert.ok(change?.kind === 'json.set');
    assert.deepEqual([change.path, change.before], ['$', server]);
  });

  it('is the beginning of what is above 1 MiB, to read', async () => {
    const content = await contentOf(
      reader({ type: 'string', typeName: 'string', length: 2_000_000 }, bytesPage('head', 2_000_000)),
    );
    assert.deepEqual(content?.readOnly, { kind: 'not-whole', shown: 4, total: 2_000_000 });
    assert.equal(content.changeTo, undefined);
  });

  it('is to read where the server cannot compare and set', async () => {
    const from = reader({ type: 'string', typeName: 'string', length: 3 }, bytesPage('one'));
    const compareAndSet = { available: false, reason: 'EVAL is not allowed' } as const;
    const content = await contentOf({ ...from, capabilities: { ...from.capabilities, compareAndSet } });
    assert.deepEqual(content?.readOnly, { kind: 'server', sentence: 'EVAL is not allowed' });
  });

  it('is nothing when the key, the field or the entry does not exist', async () => {
    assert.equal(await contentOf(reader(undefined)), undefined);
    const none = fakeProvider({
      readElement: () => Promise.resolve(undefined),
      read: () =>
        Promise.resolve({ kind: 'stream', total: 1, groups: [], rows: [{ id: '7-0', fields: [] }] }),
    });
    assert.equal(await contentOf(none, { kind: 'hash', field: Buffer.from('f') }), undefined);
    assert.equal(await contentOf(none, { kind: 'stream', id: '6-0' }), undefined);
  });

  it('finds an entry of a stream by the id before it', async () => {
    const cursors: (string | undefined)[] = [];
    const from = fakeProvider({
      read: (_key, { cursor }) => {
        cursors.push(cursor);
        return Promise.resolve({ kind: 'stream', total: 0, groups: [], rows: [] });
      },
    });
    for (const id of ['5-3', '5-0', '0-1', '0-0']) await contentOf(from, { kind: 'stream', id });
    assert.deepEqual(cursors, ['5-2', '4-18446744073709551615', '0-0', undefined]);
  });

  it('is refused for values of many elements', async () => {
    const page: ValuePage = { kind: 'list', total: 0, rows: [] };
    const from = reader({ type: 'list', typeName: 'list', length: 0 }, page);
    await rejectsWith(contentOf(from), 'NOT_SUPPORTED', 'unsupported');
  });
});
