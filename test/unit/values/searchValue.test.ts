import assert from 'node:assert/strict';
import type { ReadRequest, ValuePage, ValueType } from '../../../src/engine/connections/valuePage';
import { searchValue, type SearchStep, type ValueSearch } from '../../../src/engine/values/searchValue';
import { seededRandom, seedOfRun } from '../../helpers/random';
import { rejectsWith } from '../../helpers/rejects';

const key = Buffer.from('k');
const call = { timeoutMs: 100 };
const endless = { rows: Infinity, milliseconds: Infinity };
const text = (value: string): Buffer => Buffer.from(value);
const cell = (value: string | Buffer) => ({ bytes: Buffer.from(value), size: Buffer.from(value).length });
const still = { now: () => 0, monotonic: () => 0 };

/** A string that gives at most `most` bytes a read. */
function stringReader(value: Buffer, most: number) {
  return {
    read: (_: Buffer, request: ReadRequest): Promise<ValuePage> => {
      const offset = Number(request.cursor ?? 0);
      const bytes = value.subarray(offset, offset + Math.min(most, request.limit));
      const end = offset + bytes.length;
      const cursor = end < value.length ? { cursor: String(end) } : {};
      return Promise.resolve({ kind: 'bytes', offset, total: value.length, bytes, ...cursor });
    },
  };
}

function pagesReader(pages: readonly ValuePage[]) {
  const requests: ReadRequest[] = [];
  const read = (_: Buffer, request: ReadRequest): Promise<ValuePage> => {
    requests.push(request);
    const page = pages[Number(request.cursor ?? 0)];
    assert.ok(page);
    return Promise.resolve(page);
  };
  return { read, requests };
}

const what = (type: ValueType, wanted: string | Buffer, caseSensitive = false): ValueSearch => ({
  type,
  text: Buffer.from(wanted),
  caseSensitive,
});

async function all(steps: AsyncIterable<SearchStep>): Promise<SearchStep[]> {
  const found: SearchStep[] = [];
  for await (const step of steps) found.push(step);
  return found;
}

const offsets = (steps: readonly SearchStep[]): number[] =>
  steps.flatMap((step) => ('matches' in step ? step.matches.map(({ offset }) => offset) : []));

describe('a search in one value', () => {
  it('finds names and values, in either case unless told, and keeps the rows that have it', async () => {
    const rows = [
      { field: cell('Needle'), value: cell('x') },
      { field: cell('y'), value: cell('hay NEEDLE hay') },
      { field: cell('z'), value: cell('needl') },
    ];
    const { read } = pagesReader([{ kind: 'hash', total: 3, rows }]);
    const fields = async (search: ValueSearch): Promise<string[]> => {
      const [step] = await all(searchValue({ read }, key, search, endless, call));
      assert.ok(step && 'page' in step && step.page.kind === 'hash');
      assert.equal(step.examined, 3);
      return step.page.rows.map(({ field }) => String(field.bytes));
    };
    assert.deepEqual(await fields(what('hash', 'needle')), ['Needle', 'y']);
    assert.deepEqual(await fields(what('hash', 'NEEDLE', true)), ['y']);
  });

  it('takes only ASCII letters for equal, and any byte for itself', async () => {
    const member = Buffer.from([0xc9, 0x00, 0xff]);
    const { read } = pagesReader([{ kind: 'set', total: 1, rows: [{ member: cell(member) }] }]);
    for (const [wanted, count] of [[[0xe9], 0], [[0xc9], 1], [[0x00, 0xff], 1]] as const) {
      const [step] = await all(searchValue({ read }, key, what('set', Buffer.from(wanted)), endless, call));
      assert.ok(step && 'page' in step);
      assert.equal(step.page.rows.length, count);
    }
  }); // prettier-ignore

  it('looks at whole cells and gives their first KiB, but names whole', async () => {
    const long = Buffer.concat([Buffer.alloc(5000, 'a'), text('needle')]);
    const pages: ValuePage[] = [{ kind: 'hash', total: 1, rows: [{ field: cell(long), value: cell(long) }] }];
    const { read, requests } = pagesReader(pages);
    const [step] = await all(searchValue({ read }, key, what('hash', 'needle'), endless, call));
    assert.ok(step && 'page' in step && step.page.kind === 'hash');
    const [row] = step.page.rows;
    assert.deepEqual([row?.field.bytes.length, row?.value.bytes.length, row?.value.size], [5006, 1024, 5006]);
    assert.ok(requests[0] && requests[0].cellLimit > 2 ** 40);
  });

  it('finds in lists, scores, and ids and fields of streams', async () => {
    const pages: [ValueType, ValuePage, number][] = [
      ['list', { kind: 'list', total: 2, rows: [{ index: 0, value: cell('a17') }, { index: 1, value: cell('b') }] }, 1],
      ['zset', { kind: 'zset', total: 2, rows: [{ member: cell('m'), score: '17' }, { member: cell('17'), score: '1' }] }, 2],
      ['stream', { kind: 'stream', total: 3, groups: [], rows: [
        { id: '17-0', fields: [] },
        { id: '2-0', fields: [{ name: cell('x17'), value: cell('') }] },
        { id: '3-0', fields: [{ name: cell('x'), value: cell('1 7') }] },
      ] }, 2],
    ]; // prettier-ignore
    for (const [type, page, count] of pages) {
      const [step] = await all(searchValue(pagesReader([page]), key, what(type, '17'), endless, call));
      assert.ok(step && 'page' in step);
      assert.equal(step.page.rows.length, count, type);
    }
  });

  it('stops at its budget of rows or time, and goes on from the cursor', async () => {
    const page = (cursor?: string): ValuePage => ({
      kind: 'set',
      total: 3,
      rows: [{ member: cell('a') }],
      ...(cursor !== undefined && { cursor }),
    });
    const pages = [page('1'), page('2'), page()];
    const some = await all(
      searchValue(pagesReader(pages), key, what('set', 'a'), { ...endless, rows: 2 }, call),
    );
    assert.deepEqual(some.map(({ examined, cursor }) => [examined, cursor]), [[1, '1'], [2, '2']]); // prettier-ignore
    const rest = await all(
      searchValue(pagesReader(pages), key, { ...what('set', 'a'), cursor: '2' }, endless, call),
    );
    assert.deepEqual(rest.map(({ examined, cursor }) => [examined, cursor]), [[1, undefined]]); // prettier-ignore
    let now = 0;
    const clock = { ...still, monotonic: () => (now += 10) };
    const timed = searchValue(
      pagesReader(pages),
      key,
      what('set', 'a'),
      { ...endless, milliseconds: 15 },
      call,
      clock,
    );
    assert.equal((await all(timed)).length, 2);
  });

  it('finds a match across the border of two reads once, and those that overlap', async () => {
    const value = text('aaaXneedleXaa');
    for (let most = 12; most < 16; most++) {
      const steps = await all(
        searchValue(stringReader(value, most), key, what('string', 'needle'), endless, call),
      );
      assert.deepEqual(offsets(steps), [4], String(most));
    }
    const repeated = await all(
      searchValue(stringReader(text('aaaaa'), 3), key, what('string', 'aa'), endless, call),
    );
    assert.deepEqual(offsets(repeated), [0, 1, 2, 3]);
  });

  const seed = seedOfRun();
  it(`finds in windows what it finds in the whole, also when it goes on from a cursor (seed ${seed})`, async () => {
    const random = seededRandom(seed);
    for (let round = 0; round < 500; round++) {
      const value = Buffer.from(Array.from({ length: random.below(60) }, () => random.pick([65, 97, 98])));
      const wanted = Buffer.from(
        Array.from({ length: 1 + random.below(4) }, () => random.pick([65, 97, 98])),
      );
      const search = { type: 'string', text: wanted, caseSensitive: random.chance(0.5) } as const;
      const whole = await all(searchValue(stringReader(value, 1000), key, search, endless, call));
      const found: number[] = [];
      let cursor: string | undefined;
      do {
        const from = { ...search, ...(cursor !== undefined && { cursor }) };
        const budget = { ...endless, rows: 1 + random.below(3) };
        const steps = await all(searchValue(stringReader(value, 8), key, from, budget, call));
        found.push(...offsets(steps));
        cursor = steps.at(-1)?.cursor;
      } while (cursor !== undefined);
      assert.deepEqual(found, offsets(whole), `round ${round}`);
    }
  });

  it('finds in JSON, and says that a module type cannot be searched', async () => {
    const json: ValuePage = { kind: 'json', total: 9, text: text('{"a":"A"}'), truncated: false };
    const steps = await all(searchValue(pagesReader([json]), key, what('json', 'a'), endless, call));
    assert.deepEqual(offsets(steps), [2, 6]);
    const other: ValuePage = { kind: 'other', typeName: 'graph', note: '' };
    const search = all(searchValue(pagesReader([other]), key, what('other', 'a'), endless, call));
    await rejectsWith(search, 'NOT_SUPPORTED', 'unsupported');
  });

  it('ends when it is cancelled, and looks for nothing that is empty', async () => {
    const abort = new AbortController();
    const page: ValuePage = { kind: 'set', total: 1, rows: [], cursor: '0' };
    const { read, requests } = pagesReader([page]);
    const steps = searchValue({ read }, key, what('set', 'a'), endless, { ...call, signal: abort.signal });
    await steps.next();
    abort.abort();
    await rejectsWith(steps.next(), 'TIMEOUT', 'cancelled');
    assert.equal(requests.length, 1);
    await rejectsWith(
      all(searchValue({ read }, key, what('set', ''), endless, call)),
      'VALIDATION_ERROR',
      'invalid',
    );
  });
});
