import assert from 'node:assert/strict';
import type { CacheReader } from '../../../src/engine/connections/cacheProvider';
import type { KeyFacts, ValuePage } from '../../../src/engine/connections/valuePage';
import type { ValuePart } from '../../../src/engine/connections/valuePart';
import { headOf } from '../../../src/engine/transfer/exportKeys';
import { readParts } from '../../../src/engine/transfer/readParts';
import { partBytes, splitPart } from '../../../src/engine/transfer/splitPart';
import { loadCommands } from '../../../src/providers/redis/loadCommands';
import { rejectsWith } from '../../helpers/rejects';
import { fakeProvider } from '../connections/fakeProvider';

const key = Buffer.from('k');
const call = { timeoutMs: 1000 };
const cell = (text: string) => ({ bytes: Buffer.from(text), size: text.length });

async function partsFrom(reader: CacheReader, facts: KeyFacts): Promise<ValuePart[]> {
  const parts: ValuePart[] = [];
  for await (const part of readParts(reader, key, facts, call, () => 1000)) parts.push(part);
  return parts;
}

/** A reader that gives these pages one after the other. */
const paged = (...pages: readonly ValuePage[]) => {
  let at = 0;
  const read = (): Promise<ValuePage> => {
    const page = pages[at++];
    return page ? Promise.resolve(page) : assert.fail('one page too many');
  };
  return fakeProvider({ read });
};

describe('the parts of a value', () => {
  it('keep the time to live of fields as moments, and hand them to the server', async () => {
    const rows = [
      { field: cell('f'), value: cell('v'), ttlMs: 500 },
      { field: cell('g'), value: cell('w') },
    ];
    const [part] = await partsFrom(paged({ kind: 'hash', total: 2, rows }), {
      type: 'hash',
      typeName: 'hash',
    });
    const [f, g] = [Buffer.from('f'), Buffer.from('g')];
    const entries = [
      { field: f, value: Buffer.from('v'), expireAtMs: 1500 },
      { field: g, value: Buffer.from('w') },
    ];
    assert.deepEqual(part, { kind: 'hash', entries });
    assert.deepEqual(loadCommands(key, { kind: 'hash', entries }, { hasStreamCounters: true }), [
      ['HSET', key, f, Buffer.from('v'), g, Buffer.from('w')],
      ['HPEXPIREAT', key, '1500', 'FIELDS', 1, f],
    ]);
  });

  it('are what the server serialises, and marked so, for a type that nobody else can read', async () => {
    const payload = Buffer.alloc(partBytes + 5, 1);
    const reader = fakeProvider({ dump: () => Promise.resolve({ payload }) });
    const facts = { type: 'other', typeName: 'MBbloom--' } as const;
    const parts = await partsFrom(reader, facts);
    assert.deepEqual(parts.map((part) => [part.kind, 'bytes' in part && part.bytes.length]), [['dump', partBytes], ['dump', 5]]); // prettier-ignore
    assert.deepEqual(headOf(key, facts, 0), { key, type: 'dump', typeName: 'MBbloom--' });
  });

  it('are refused when a list or string changes its length while it is read', async () => {
    const rows = [{ index: 0, value: cell('a') }];
    const list = (total: number, cursor?: string): ValuePage => ({ kind: 'list', total, rows, ...(cursor !== undefined && { cursor }) }); // prettier-ignore
    const facts = { type: 'list', typeName: 'list' } as const;
    await rejectsWith(partsFrom(paged(list(2, '1'), list(3)), facts), 'CONFLICT', 'changed');
    await rejectsWith(partsFrom(paged(list(5)), facts), 'CONFLICT', 'changed');
    assert.equal((await partsFrom(paged(list(2, '1'), list(2)), facts)).length, 2);
  });

  it('are about as large as told, and never cut an element', () => {
    const elements = [400, 400, 2000, 10, 10].map((size) => Buffer.alloc(size));
    const sizes = [...splitPart({ kind: 'list', elements }, 1000)].map((part) => 'elements' in part && part.elements.map(({ length }) => length)); // prettier-ignore
    assert.deepEqual(sizes, [[400, 400], [2000], [10, 10]]);
    assert.equal([...splitPart({ kind: 'string', bytes: Buffer.alloc(0) }, 10)].length, 1);
  });
});
