import assert from 'node:assert/strict';
import fc from 'fast-check';
import { encodeHeader, readJournal } from '../../../src/providers/store/journalFile';
import { decodeGroup, encodeGroup } from '../../../src/providers/store/journalRecord';
import type { Transaction } from '../../../src/providers/store/statement';

const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.constant(null),
  fc.uint8Array({ maxLength: 200 }),
);
const plain = { noNullPrototype: true };
const statement = fc.record(
  { sql: fc.string({ unit: 'binary' }), params: fc.array(value, { maxLength: 6 }) },
  plain,
);
const transaction: fc.Arbitrary<Transaction> = fc.record(
  { id: fc.string(), at: fc.double({ noNaN: true }), statements: fc.array(statement, { maxLength: 4 }) },
  plain,
);
const group = fc.array(transaction, { maxLength: 5 });
const header = encodeHeader({ generation: 7, schemaVersion: 1, previousLength: 99 });

function journal(groups: readonly (readonly Transaction[])[]): Buffer {
  return Buffer.concat([header, ...groups.map(encodeGroup)]);
}

function transactionsOf(bytes: Buffer): Transaction[][] {
  return readJournal(bytes).groups.map(({ transactions }) => [...transactions]);
}

describe('A journal', () => {
  it('gives back the transactions that were put in', () => {
    fc.assert(
      fc.property(fc.array(group, { maxLength: 5 }), (groups) => {
        assert.deepEqual(transactionsOf(journal(groups)), groups);
      }),
    );
  });

  it('keeps what its header says', () => {
    assert.deepEqual(readJournal(header).header, { generation: 7, schemaVersion: 1, previousLength: 99 });
  });

  it('torn anywhere, gives back the groups that are whole', () => {
    fc.assert(
      fc.property(fc.array(group, { minLength: 1, maxLength: 5 }), fc.nat(), (groups, cut) => {
        const bytes = journal(groups);
        const length = cut % bytes.length;
        const ends = readJournal(bytes).groups.map(({ end }) => end);
        const whole = length < header.length ? 0 : ends.filter((end) => end <= length).length;
        assert.deepEqual(transactionsOf(bytes.subarray(0, length)), groups.slice(0, whole));
      }),
    );
  });

  it('with a flipped bit, gives back the groups before it and nothing that was not put in', () => {
    fc.assert(
      fc.property(fc.array(group, { minLength: 1, maxLength: 5 }), fc.nat(), (groups, bit) => {
        const bytes = journal(groups);
        const ends = readJournal(bytes).groups.map(({ end }) => end);
        const at = header.length + (Math.floor(bit / 8) % (bytes.length - header.length));
        bytes[at] = bytes[at]! ^ (1 << (bit % 8));
        assert.deepEqual(transactionsOf(bytes), groups.slice(0, ends.filter((end) => end <= at).length));
      }),
    );
  });

  it('takes zeros that a file system left at its end for nothing', () => {
    const whole = journal([[]]);
    const found = readJournal(Buffer.concat([whole, Buffer.alloc(4096)]));
    assert.deepEqual([found.groups.length, found.size], [1, whole.length]);
  });

  it('with a damaged header has no header and no groups', () => {
    const bytes = journal([[]]);
    bytes[5] = bytes[5]! ^ 1;
    const { header: found, groups, size } = readJournal(bytes);
    assert.deepEqual([found, groups], [undefined, []]);
    assert.ok(size > 0 && size <= bytes.length);
    assert.equal(readJournal(Buffer.from('something else entirely')).header, undefined);
  });
});

describe('A record', () => {
  it('whose payload is not one is not read, although its checksum fits', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (noise) => {
        const record = encodeGroup([
          { id: '', at: 0, statements: [{ sql: 'x', params: [Uint8Array.from(noise)] }] },
        ]);
        const inner = record.subarray(record.length - noise.length);
        assert.equal(decodeGroup(inner, 0), undefined);
      }),
    );
  });

  it('holds a name of 60 KB, NUL and emoji', () => {
    const params = ['x'.repeat(60 * 1024), 'a\0b', '👩‍👩‍👧 שלום', ''];
    const record = encodeGroup([{ id: 'a', at: 1, statements: [{ sql: 's', params }] }]);
    assert.deepEqual(decodeGroup(record, 0)?.transactions[0]?.statements[0]?.params, params);
  });
});
