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

/** A reader of elements that someone else changes after the first page. */
function moving(type: 'list' | 'zset', names: readonly string[], change: (all: string[]) => string[]) {
  let now = [...names];
  return fakeProvider({
    read: (_key, { cursor = '0', limit }) => {
      const start = Number(cursor);
      const shown = now.slice(start, start + limit);
      const rest = {
        total: now.length,
        ...(start + limit < now.length && { cursor: String(start + limit) }),
      };
      if (start === 0) now = change(now);
      return Promise.resolve(
        type === 'list'
          ? { kind: type, ...rest, rows: shown.map((name, i) => ({ index: start + i, value: cell(name) })) }
          : { kind: type, ...rest, rows: shown.map((name) => ({ member: cell(name), score: '1' })) },
      );
    },
  });
}

describe('the parts of a value', () => {
  it('keep the time to live of fields as moments, and hand them to the server', async () => {
    const rows = [
      { field: cell('f'), value: cell('v'), expireAtMs: 1500 },
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
    const target = { hasStreamCounters: true, keeper: 'keeper' };
    assert.deepEqual(loadCommands(key, { kind: 'hash', entries }, target), [
      ['HSET', key, f, Buffer.from('v'), g, Buffer.from('w'), 'keeper', ''],
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
    const row = { index: 0, value: cell('a') };
    const list = (total: number, cursor?: string, rows = [row]): ValuePage => ({ kind: 'list', total, rows, ...(cursor !== undefined && { cursor }) }); // prettier-ignore
    const facts = { type: 'list', typeName: 'list' } as const;
    await rejectsWith(partsFrom(paged(list(2, '1'), list(3)), facts), 'CONFLICT', 'changed');
    await rejectsWith(partsFrom(paged(list(5)), facts), 'CONFLICT', 'changed');
    assert.equal((await partsFrom(paged(list(2, '1'), list(2, undefined, [row, row])), facts)).length, 2);
  });

  it('are refused when a string was replaced by one of the same length while it was read', async () => {
    const page = (offset: number, text: string): ValuePage => ({
      kind: 'bytes', offset, total: 4, bytes: Buffer.from(text), ...(offset + text.length < 4 && { cursor: String(offset + text.length) }),
    }); // prettier-ignore
    const facts = { type: 'string', typeName: 'string' } as const;
    const torn = paged(page(0, 'aa'), page(2, 'bb'), page(0, 'bb'), page(2, 'bb'));
    await rejectsWith(partsFrom(torn, facts), 'CONFLICT', 'changed');
    const whole = paged(page(0, 'aa'), page(2, 'bb'), page(0, 'aa'), page(2, 'bb'));
    assert.equal((await partsFrom(whole, facts)).length, 2);
  });

  it('are what the server serialises for a value with which it may keep more than we read', async () => {
    const payload = Buffer.from('payload');
    const reader = fakeProvider({ dump: () => Promise.resolve({ payload }) });
    const facts = { type: 'set', typeName: 'set', isOpaque: true } as const;
    assert.deepEqual(await partsFrom(reader, facts), [{ kind: 'dump', bytes: payload }]);
    assert.deepEqual(headOf(key, facts, 0), { key, type: 'dump', typeName: 'set' });
  });

  it('are refused where times to live of the key or of fields cannot be read: a copy would live for ever', async () => {
    const hidden: ValuePage = {
      kind: 'hash',
      total: 1,
      rows: [{ field: cell('f'), value: cell('v') }],
      hiddenTtls: 'no right',
    };
    await rejectsWith(
      partsFrom(paged(hidden), { type: 'hash', typeName: 'hash' }),
      'UNAUTHORIZED',
      'no-permission',
    );
    assert.throws(
      () => headOf(key, { type: 'string', typeName: 'string', hiddenTtl: 'no right' }, 0),
      /no right/,
    );
  });

  it('are refused when elements move over the end of a page while the length stays', async () => {
    const names = Array.from({ length: 100 }, (_, i) => `e${i}`);
    for (const type of ['list', 'zset'] as const) {
      const facts = { type, typeName: type };
      assert.equal(
        (
          await partsFrom(
            moving(type, names, (all) => all),
            facts,
          )
        ).length,
        2,
      );
      const pushed = moving(type, names, (all) => ['new', ...all.slice(0, -1)]);
      await rejectsWith(partsFrom(pushed, facts), 'CONFLICT', 'changed');
      const lifted = moving(type, names, (all) => ['e90', ...all.filter((each) => each !== 'e90')]);
      await rejectsWith(partsFrom(lifted, facts), 'CONFLICT', 'changed');
    }
  });

  it('are about as large as told, and never cut an element', () => {
    const elements = [400, 400, 2000, 10, 10].map((size) => Buffer.alloc(size));
    const sizes = [...splitPart({ kind: 'list', elements }, 1000)].map((part) => 'elements' in part && part.elements.map(({ length }) => length)); // prettier-ignore
    assert.deepEqual(sizes, [[400, 400], [2000], [10, 10]]);
    assert.equal([...splitPart({ kind: 'string', bytes: Buffer.alloc(0) }, 10)].length, 1);
  });
});
