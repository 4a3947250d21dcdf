import assert from 'node:assert/strict';
import type { CacheReader } from '../../../src/engine/connections/cacheProvider';
import type { KeyFacts, ReadRequest, ValuePage } from '../../../src/engine/connections/valuePage';
import { EngineError } from '../../../src/engine/kernel/errors';
import {
  editableBytes,
  openValue,
  pageBytes,
  pageRows,
  readRequest,
} from '../../../src/engine/keys/openValue';
import { fakeProvider } from '../connections/fakeProvider';
import { rejectsWith } from '../../helpers/rejects';

const call = { timeoutMs: 100 };
const key = Buffer.from('k');
const string = (length: number): KeyFacts => ({ type: 'string', typeName: 'string', length });
const hash: KeyFacts = { type: 'hash', typeName: 'hash', length: 1 };
const noRows: ValuePage = { kind: 'hash', total: 1, rows: [] };
const wrongType = () => new EngineError('CONFLICT', 'wrong-type', 'WRONGTYPE');

/** The first `limit` bytes of a value that is `total` long by now. */
const bytesPage = (total: number, { limit }: ReadRequest): ValuePage => ({
  kind: 'bytes',
  offset: 0,
  total,
  bytes: Buffer.alloc(Math.min(total, limit)),
});

function reader(facts: readonly (KeyFacts | undefined)[], read: CacheReader['read']) {
  const requests: ReadRequest[] = [];
  let looks = 0;
  const of = fakeProvider({
    describe: () => Promise.resolve(facts[Math.min(looks++, facts.length - 1)]),
    read: (at, request, limits) => {
      requests.push(request);
      return read(at, request, limits);
    },
  });
  return { of, requests };
}

describe('opening a value', () => {
  it('counts the fields of a hash that a page shows whole, not those that have expired', async () => {
    const page: ValuePage = { kind: 'hash', total: 1, rows: [] };
    const counted = { ...hash, length: 2 };
    const whole = await openValue(reader([counted], () => Promise.resolve(page)).of, key, call);
    assert.equal(whole.facts?.length, 1);
    const part = reader([counted], () => Promise.resolve({ ...page, cursor: '5' }));
    assert.equal((await openValue(part.of, key, call)).facts?.length, 2);
  });

  it('reads what can be edited whole, up to 1 MiB', async () => {
    for (const length of [0, pageBytes + 1, editableBytes]) {
      const { of } = reader([string(length)], (_, request) => Promise.resolve(bytesPage(length, request)));
      const { page, readOnlyReason } = await openValue(of, key, call);
      assert.equal(page?.kind === 'bytes' && page.bytes.length, length);
      assert.equal(readOnlyReason, undefined);
    }
  });

  it('reads the first page of what is larger, and says why it cannot be edited', async () => {
    const length = editableBytes + 1;
    const { of, requests } = reader([string(length)], (_, request) =>
      Promise.resolve(bytesPage(length, request)),
    );
    const { readOnlyReason } = await openValue(of, key, call);
    assert.equal(requests[0]?.limit, pageBytes);
    assert.match(readOnlyReason ?? '', /1 MiB/);
  });

  it('lets nobody edit a part as if it were the whole, when the value grew in between', async () => {
    const { of } = reader([string(10)], (_, request) =>
      Promise.resolve(bytesPage(editableBytes + 1, request)),
    );
    assert.ok((await openValue(of, key, call)).readOnlyReason);
    const unsized = reader([{ type: 'item', typeName: 'item' }], (_, request) =>
      Promise.resolve(bytesPage(pageBytes + 1, request)),
    );
    assert.ok((await openValue(unsized.of, key, call)).readOnlyReason);
  });

  it('looks again, once, at a key that changed its type in between', async () => {
    const { of, requests } = reader([string(3), hash], (_, { type }) =>
      type === 'hash' ? Promise.resolve(noRows) : Promise.reject(wrongType()),
    );
    assert.deepEqual(await openValue(of, key, call), { facts: hash, page: noRows, fieldTtl: true });
    assert.deepEqual(
      requests.map(({ type }) => type),
      ['string', 'hash'],
    );
    const restless = reader([hash], () => Promise.reject(wrongType()));
    await rejectsWith(openValue(restless.of, key, call), 'CONFLICT', 'wrong-type');
    assert.equal(restless.requests.length, 2);
  });

  it('finds nothing where the key is gone, also when it goes in between', async () => {
    const never = () => Promise.reject(wrongType());
    assert.deepEqual(await openValue(reader([undefined], never).of, key, call), {});
    assert.deepEqual(await openValue(reader([hash, undefined], never).of, key, call), {});
  });

  it('passes on any other failure at once', async () => {
    const lost = new EngineError('CONNECTION_FAILED', 'dropped', 'lost');
    const { of, requests } = reader([hash], () => Promise.reject(lost));
    await rejectsWith(openValue(of, key, call), 'CONNECTION_FAILED', 'dropped');
    assert.equal(requests.length, 1);
  });

  it('says why a type, or a server, allows no editing', async () => {
    const graph: KeyFacts = { type: 'other', typeName: 'graph' };
    const other: ValuePage = { kind: 'other', typeName: 'graph', note: '' };
    const typed = await openValue(reader([graph], () => Promise.resolve(other)).of, key, call);
    assert.match(typed.readOnlyReason ?? '', /type graph/);
    const { of } = reader([hash], () => Promise.resolve(noRows));
    const capabilities = {
      ...of.capabilities,
      compareAndSet: { available: false, reason: 'no scripts' } as const,
    };
    assert.equal((await openValue({ ...of, capabilities }, key, call)).readOnlyReason, 'no scripts');
  });

  it('lets every type be edited that we know', async () => {
    const pages: ValuePage[] = [
      { kind: 'hash', total: 0, rows: [] },
      { kind: 'list', total: 0, rows: [] },
      { kind: 'set', total: 0, rows: [] },
      { kind: 'zset', total: 0, rows: [] },
      { kind: 'stream', total: 0, rows: [], groups: [] },
      { kind: 'json', total: 0, text: Buffer.alloc(0), truncated: false },
    ];
    for (const page of pages) {
      const { kind } = page;
      const facts = { type: kind, typeName: kind } as KeyFacts;
      const opened = await openValue(reader([facts], () => Promise.resolve(page)).of, key, call);
      assert.equal(opened.readOnlyReason, undefined, kind);
    }
    const cut: ValuePage = { kind: 'json', total: 9, text: Buffer.alloc(1), truncated: true };
    const { of, requests } = reader([{ type: 'json', typeName: 'ReJSON-RL' }], () => Promise.resolve(cut));
    assert.match((await openValue(of, key, call)).readOnlyReason ?? '', /1 MiB/);
    assert.equal(requests[0]?.limit, editableBytes);
  });

  it('asks for rows of a collection, from a cursor on, and never for whole cells', () => {
    const request = readRequest(hash, { cursor: '18446744073709551615' });
    assert.deepEqual([request.limit, request.cursor], [pageRows, '18446744073709551615']);
    assert.ok(request.cellLimit < pageBytes);
  });
});
