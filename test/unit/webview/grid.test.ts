import assert from 'node:assert/strict';
import {
  columnWidths,
  restoreColumnWidths,
  setColumnWidth,
  templateOf,
} from '../../../webview-ui/components/gridColumns';
import { howOf, noSelection, select } from '../../../webview-ui/components/gridSelection';
import { rowsAsCsv, rowsAsJson } from '../../../webview-ui/surfaces/value/rowsText';

const keys = ['a', 'b', 'c', 'd', 'e'];

describe('The selection of a grid', () => {
  it('is one row after a click, and a range from it with Shift', () => {
    const one = select(noSelection, keys, 3, 'only');
    assert.deepEqual([...one.keys], ['d']);
    assert.deepEqual([...select(one, keys, 1, 'range').keys], ['b', 'c', 'd']);
    assert.deepEqual([...select(select(one, keys, 1, 'range'), keys, 4, 'range').keys], ['d', 'e']);
  });

  it('takes rows in and out one by one', () => {
    const two = select(select(noSelection, keys, 0, 'only'), keys, 2, 'toggle');
    assert.deepEqual([...two.keys], ['a', 'c']);
    assert.deepEqual([...select(two, keys, 0, 'toggle').keys], ['c']);
  });

  it('stays as it is where there is no row', () => {
    assert.equal(select(noSelection, keys, 9, 'only'), noSelection);
  });

  it('reads the keys held with a click', () => {
    const held = { shiftKey: false, ctrlKey: false, metaKey: false };
    assert.deepEqual(
      [held, { ...held, shiftKey: true }, { ...held, metaKey: true }, { ...held, ctrlKey: true }].map(howOf),
      ['only', 'range', 'toggle', 'toggle'],
    );
  });
});

describe('The columns of a grid', () => {
  const columns = [
    { id: 'x', title: 'X', width: '1fr', draw: () => '' },
    { id: 'y', title: 'Y', width: '72px', draw: () => '' },
  ];
  beforeEach(() => {
    columnWidths.value = {};
  });

  it('have their own width until a person sets one, within reason', () => {
    assert.equal(templateOf(columns).gridTemplateColumns, '1fr 72px');
    setColumnWidth('x', 5);
    setColumnWidth('y', 99_999);
    assert.equal(templateOf(columns).gridTemplateColumns, '48px 1200px');
  });

  it('take no width from a page state that is none', () => {
    restoreColumnWidths({ x: '100px', y: 120, z: Number.NaN });
    restoreColumnWidths(null);
    restoreColumnWidths('wide');
    assert.deepEqual(columnWidths.value, { y: 120 });
  });
});

describe('Rows as text', () => {
  it('quote what CSV needs quoted (RFC 4180)', () => {
    const csv = rowsAsCsv([
      { a: 'x,y', b: 'say "hi"' },
      { a: 'two\nlines', c: 3 },
    ]);
    assert.equal(csv, 'a,b,c\r\n"x,y","say ""hi""",\r\n"two\nlines",,3');
  });

  it('let no spreadsheet run a cell as a formula', () => {
    for (const start of ['=', '+', '-', '@', '\t']) assert.match(rowsAsCsv([{ a: `${start}1` }]), /\n"?'/);
    assert.equal(rowsAsCsv([{ a: -1 }]), 'a\r\n-1');
  });

  it('are an array in JSON', () => assert.deepEqual(JSON.parse(rowsAsJson([{ a: 1 }])), [{ a: 1 }]));
});
