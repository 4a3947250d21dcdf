import assert from 'node:assert/strict';
import { eventually } from '../../helpers/eventually';
import type { FoundDto } from '../../../src/protocol/value';
import type { DraftDto, ElementEditsDto } from '../../../src/protocol/valueChange';
import { draftKey } from '../../../src/protocol/draftKey';
import { isDirty } from '../../../webview-ui/surfaces/value/draft';
import { Drafts, withFlags } from '../../../webview-ui/surfaces/value/drafts';
import { movedIndex } from '../../../src/protocol/movedIndex';
import { Searching } from '../../../webview-ui/surfaces/value/searching';

const b64 = (text: string): string => Buffer.from(text).toString('base64');

describe('Elements of a list that were added or taken away', () => {
  const b = b64('x');
  const elements = (...edits: Extract<ElementEditsDto, { type: 'list' }>['edits']) =>
    ({ kind: 'elements', elements: { type: 'list', edits } }) as const;

  it('move those behind them, from one edit to the next', () => {
    const removed = [{ index: 5, before: b }, { index: 1, before: b }];
    const moved = (edits: typeof removed, ...indexes: number[]) => indexes.map((at) => movedIndex(edits, at));
    assert.deepEqual(moved(removed, 0, 1, 2, 5, 6), [0, undefined, 1, undefined, 4]);
    assert.equal(movedIndex([{ index: 2, after: b }, { index: -1, after: b }], 2), 3);
    assert.equal(movedIndex([{ index: 2, before: b, after: b }], 2), 2);
  }); // prettier-ignore

  it('take the unsaved edits of those behind them along, lest they meet a neighbour', () => {
    const drafts = new Drafts();
    const edit = (index: number): DraftDto => ({
      target: { kind: 'list', index }, before: b, form: 'text', text: `edit of ${index}`,
    }); // prettier-ignore
    const other: DraftDto = { target: { kind: 'list' }, form: 'text', text: 'added' };
    for (const draft of [edit(3), edit(4), other]) drafts.put(draft);
    drafts.follow(elements({ index: 3, before: b }));
    assert.equal(drafts.get('list:3')?.text, 'edit of 4');
    drafts.follow(elements({ index: 0, after: b }));
    assert.deepEqual(
      drafts.dirty.value.map(({ target }) => draftKey(target)),
      ['list:4', 'new'],
    );
  });

  it('have what a search found looked for again, from the start', async () => {
    const asked: (string | undefined)[] = [];
    const page: FoundDto['page'] = {
      kind: 'list', total: 9, rows: [{ index: 1, value: { bytes: b, size: 1 } }],
    }; // prettier-ignore
    const searching = new Searching(
      (_text, cursor) => {
        asked.push(cursor);
        return Promise.resolve({ offsets: [], examined: 9, page });
      },
      (_loaded, next) => next,
    );
    await searching.start('x');
    searching.follow(elements({ index: 2, before: b }));
    assert.equal(searching.search.value?.examined, 0);
    await eventually('it is done again', () =>
      Promise.resolve(searching.search.value?.state === 'done' ? true : undefined),
    );
    assert.deepEqual(asked, [undefined, undefined]);
  });
});

describe('What is typed while a save is under way', () => {
  /** The drafts left when `sent` was saved as its own text while `typed` was put. */
  function left(sent: DraftDto, typed: Partial<DraftDto>, cas?: string): readonly DraftDto[] {
    const drafts = new Drafts();
    drafts.put(sent);
    drafts.put({ ...sent, ...typed });
    drafts.settle(sent, b64(sent.text), cas);
    return drafts.dirty.value;
  }
  const draft = (target: DraftDto['target'], more: Partial<DraftDto> = {}): DraftDto => ({
    target, before: b64('old'), form: 'text', text: 'sent', shown: 'old', ...more,
  }); // prettier-ignore

  it('stays, based on what was saved and under the name that it has by then', () => {
    const cases: [DraftDto, DraftDto['target']][] = [
      [draft({ kind: 'string' }), { kind: 'string' }],
      [draft({ kind: 'item', cas: '1', flags: 5 }), { kind: 'item', cas: '2', flags: 5 }],
      [draft({ kind: 'list', index: 3 }), { kind: 'list', index: 3 }],
      [draft({ kind: 'hash', field: b64('f') }), { kind: 'hash', field: b64('f') }],
      [draft({ kind: 'hash', field: b64('f') }, { name: 'g' }), { kind: 'hash', field: b64('g') }],
      [draft({ kind: 'set', member: b64('old') }), { kind: 'set', member: b64('sent') }],
      [
        draft({ kind: 'zset', member: b64('old'), score: '1' }, { score: '2' }),
        { kind: 'zset', member: b64('sent'), score: '2' },
      ],
    ];
    for (const [sent, target] of cases) {
      const [only, ...others] = left(sent, { text: 'sent and more' }, '2');
      assert.deepEqual([only?.target, only?.before, only?.text], [target, b64('sent'), 'sent and more']);
      assert.equal(only?.name, undefined);
      assert.deepEqual(others, []);
    }
  });

  it('stays when an element was being added, and when it is another name', () => {
    const added = draft({ kind: 'hash' }, { name: 'f' });
    assert.deepEqual(left(added, { text: 'more' }), [{ ...added, text: 'more' }]);
    const [renamed] = left(draft({ kind: 'hash', field: b64('f') }, { name: 'g' }), { name: 'h' });
    assert.deepEqual([renamed?.target, renamed?.name], [{ kind: 'hash', field: b64('g') }, 'h']);
  });

  it('is nothing when nothing was typed', () => {
    assert.deepEqual(left(draft({ kind: 'set', member: b64('old') }), {}), []);
  });

  it('goes on from the flags that were set meanwhile, and would not take them back', () => {
    const edit = withFlags(draft({ kind: 'item', cas: '1', flags: 0 }), 7, '2');
    assert.deepEqual(edit.target, { kind: 'item', cas: '2', flags: 7 });
    assert.deepEqual([draftKey(edit.target), isDirty(edit), edit.before], ['value', true, b64('old')]);
  });
});
