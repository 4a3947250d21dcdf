import assert from 'node:assert/strict';
import { changeOf } from '../../../src/protocol/draftChange';
import type { ChangeDto, DraftDto } from '../../../src/protocol/valueChange';
import type { PageDto } from '../../../src/protocol/valuePage';
import { isDirty, lacksWhole, nameOf } from '../../../webview-ui/surfaces/value/draft';
import { foldedText, jsonLines, visibleLines } from '../../../webview-ui/surfaces/value/jsonLines';
import { mergeSaved } from '../../../webview-ui/surfaces/value/mergeSaved';
import { readMany } from '../../../webview-ui/surfaces/value/readMany';
import { geoPosition } from '../../../webview-ui/surfaces/value/types/zset/geoPosition';
import { scoreProblem } from '../../../webview-ui/surfaces/value/types/zset/score';
import { chooseView, hostView } from '../../../webview-ui/surfaces/value/viewChoice';

const b64 = (text: string): string => Buffer.from(text).toString('base64');
const cell = (text: string) => ({ bytes: b64(text), size: text.length });

describe('JSON that folds', () => {
  const lines = jsonLines('{\n  "a": {\n    "b": [\n      1\n    ]\n  },\n  "c": "{"\n}');

  it('pairs each bracket with the line that closes it', () => {
    assert.deepEqual(
      lines.map(({ end }) => end),
      [7, 5, 4, undefined, undefined, undefined, undefined, undefined],
    );
  });

  it('hides what a folded line opens, and says so in that line', () => {
    assert.deepEqual(visibleLines(lines, new Set([1])), [0, 1, 6, 7]);
    assert.equal(foldedText(lines, 1), '  "a": {…},');
    assert.deepEqual(visibleLines(lines, new Set([0])), [0]);
  });
});

describe('A score', () => {
  it('is a double of the server, with both infinities and without NaN', () => {
    for (const good of ['1', '-1.5', '.5', '5.', '1e308', '+inf', '-inf', 'Infinity', 'INF'])
      assert.equal(scoreProblem(good), undefined, good);
    for (const bad of ['', 'nan', '1,5', '0x1', '1 ', 'e5', '--1', 'infinite'])
      assert.notEqual(scoreProblem(bad), undefined, bad);
  });

  it('stands for a place where GEOADD would have written it', () => {
    // Catania, as the documentation of GEOPOS gives it: 15.08726745843887329 37.50266842333162032
    assert.deepEqual(geoPosition('3479447370796909'), { longitude: '15.087267', latitude: '37.502668' });
    for (const none of ['1763640131', '-3479447370796909', '3479447370796909.5', '9999999999999999'])
      assert.equal(geoPosition(none), undefined, none);
  });
});

describe('An edit that is not saved', () => {
  const draft: DraftDto = {
    target: { kind: 'hash', field: b64('f') },
    before: b64('v'),
    form: 'text',
    text: 'v',
  };

  it('is none when it was typed back', () => {
    assert.equal(isDirty(draft), false);
    assert.equal(isDirty({ ...draft, text: 'w' }), true);
    assert.equal(isDirty({ ...draft, name: 'f' }), false);
    assert.equal(isDirty({ ...draft, name: 'g' }), true);
    assert.equal(isDirty({ ...draft, form: 'json', text: '1', shown: '1' }), false);
  });

  it('needs the whole of a cut element again when it was typed back, lest it be based on the start alone', () => {
    const start = { bytes: b64('v'), size: 2000 };
    assert.equal(lacksWhole(start, undefined), true);
    assert.equal(lacksWhole(start, draft), true);
    assert.equal(lacksWhole(start, { ...draft, text: 'w' }), false);
    assert.equal(lacksWhole(cell('v'), draft), false);
  });

  it('renames a field without touching it when the name is the same', () => {
    const change = changeOf({ ...draft, name: 'f' }, b64('w'), b64('f'));
    const edits = [{ field: b64('f'), before: b64('v'), after: b64('w') }];
    assert.deepEqual(change, { kind: 'elements', elements: { type: 'hash', edits } });
  });

  it('renames a field in two edits, of which the new one takes over its time to live', () => {
    const change = changeOf({ ...draft, name: 'g' }, b64('w'), b64('g'));
    const edits = [
      { field: b64('f'), before: b64('v') },
      { field: b64('g'), after: b64('w'), ttlOf: b64('f') },
    ];
    assert.deepEqual(change, { kind: 'elements', elements: { type: 'hash', edits } });
  });

  it('says what is wrong with a name', () => {
    assert.ok('problem' in nameOf({ ...draft, name: '\\q' }));
  });
});

describe('Loaded rows', () => {
  const page = (fields: readonly string[], cursor?: string): Extract<PageDto, { kind: 'hash' }> => ({
    kind: 'hash',
    total: 9,
    rows: fields.map((name) => ({ field: cell(name), value: cell('v') })),
    ...(cursor !== undefined && { cursor }),
  });
  const names = (merged: PageDto | undefined): string[] =>
    merged?.kind === 'hash'
      ? merged.rows.map(({ field }) => Buffer.from(field.bytes, 'base64').toString())
      : [];
  const edit = (edits: { field: string; before?: string; after?: string }[]): ChangeDto => ({
    kind: 'elements',
    elements: { type: 'hash', edits },
  });

  it('stay after a save, with the saved one in its place and a deleted one gone', () => {
    const loaded = page(['a', 'b', 'c'], '7');
    const saved = mergeSaved(
      loaded,
      page(['a']),
      edit([{ field: b64('b'), before: b64('v'), after: b64('w') }]),
    );
    assert.deepEqual(names(saved), ['a', 'b', 'c']);
    assert.equal(saved?.cursor, '7');
    assert.deepEqual(names(mergeSaved(loaded, page(['a']), edit([{ field: b64('b'), before: b64('v') }]))), [
      'a',
      'c',
    ]);
    assert.deepEqual(names(mergeSaved(loaded, page(['a']), edit([{ field: b64('d'), after: b64('w') }]))), [
      'a',
      'b',
      'c',
      'd',
    ]);
  });

  it('are read again up to as many as there were, not further', async () => {
    const rest = [page(['b'], '2'), page(['c'], '3'), page(['d'])];
    const asked: string[] = [];
    const append = (one: PageDto, other: PageDto): PageDto => ({
      ...page([...names(one), ...names(other)]),
      cursor: other.cursor,
    });
    const read = (cursor: string): Promise<PageDto> => {
      asked.push(cursor);
      return Promise.resolve(rest.shift() ?? page([]));
    };
    assert.deepEqual(names(await readMany(page(['a'], '1'), 3, append, read)), ['a', 'b', 'c']);
    assert.deepEqual(asked, ['1', '2']);
  });
});

describe('The choice of a view', () => {
  const decoded = {
    views: [
      { id: 'json', title: 'JSON' },
      { id: 'text', title: 'Text' },
    ],
    view: { id: 'json', title: 'JSON' },
    text: '{}',
    language: 'json' as const,
    editable: true,
    notes: [],
  };

  it('is the best of the host until a person chooses', () => {
    assert.equal(chooseView({ decoded }, undefined, 'text', undefined).id, 'json');
    assert.equal(chooseView({}, undefined, 'text', undefined).id, 'text');
    assert.equal(chooseView({ decoded }, 'text', 'escaped', undefined).id, 'escaped');
    assert.equal(chooseView({ decoded }, 'tree', 'text', undefined).id, 'tree');
    assert.equal(
      chooseView({ decoded: { ...decoded, language: 'plaintext' } }, 'tree', 'text', undefined).id,
      'json',
    );
  });

  it('never leaves the view in which an edit was written', () => {
    assert.equal(chooseView({ decoded }, 'json', 'text', 'escaped').id, 'escaped');
  });

  it('offers text only where a text area keeps every byte', () => {
    const values = (local: 'text' | 'escaped') =>
      chooseView({ decoded }, undefined, local, undefined).options.map(({ value }) => value);
    assert.deepEqual(values('text'), ['text', 'escaped', 'json', 'tree']);
    assert.deepEqual(values('escaped'), ['escaped', 'json', 'tree']);
  });

  it('asks the host for its own views only', () => {
    assert.deepEqual(['text', 'escaped', 'tree', 'gzip+json'].map(hostView), [
      undefined,
      undefined,
      undefined,
      'gzip+json',
    ]);
  });
});
