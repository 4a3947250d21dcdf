import assert from 'node:assert/strict';
import { HeldDrafts } from '../../../src/extension/panels/heldDrafts';
import { draftKey } from '../../../src/protocol/draftKey';
import type { ChangeDto, DraftDto } from '../../../src/protocol/valueChange';

const b64 = (text: string): string => Buffer.from(text).toString('base64');
const field = (name: string, text: string): DraftDto => ({
  target: { kind: 'hash', field: b64(name) },
  before: b64('seen'),
  form: 'text',
  text,
});
const saves = (name: string, after: string): ChangeDto => ({
  kind: 'elements',
  elements: { type: 'hash', edits: [{ field: b64(name), before: b64('seen'), after: b64(after) }] },
});
const appended = (text: string): DraftDto => ({ target: { kind: 'list' }, form: 'text', text });

describe('The unsaved edits of a value', () => {
  const texts = (held: HeldDrafts): string[] => held.drafts.map(({ text }) => text).sort();

  it('are undone and redone step by step', () => {
    const held = new HeldDrafts();
    const first = held.hold([field('a', '1')], 0);
    const second = held.hold([field('a', '1'), field('b', '2')], 0);
    held.undo(second);
    assert.deepEqual(texts(held), ['1']);
    held.undo(first);
    assert.deepEqual(texts(held), []);
    held.redo(first);
    held.redo(second);
    assert.deepEqual(texts(held), ['1', '2']);
  });

  it('never come back as unsaved once they were applied, by undo, redo or a page that did not see it', () => {
    const held = new HeldDrafts();
    const typed = held.hold([field('a', '1'), field('b', '2')], 0);
    const [sent] = held.drafts;
    held.applied(saves('a', '1'), sent, { after: b64('1') });
    assert.deepEqual(texts(held), ['2']);
    held.hold([field('a', '1'), field('b', '2')], 0);
    assert.deepEqual(texts(held), ['2'], 'a page that has not seen the save tells what is void');
    held.undo(typed);
    assert.deepEqual(texts(held), []);
    held.redo(typed);
    assert.deepEqual(texts(held), ['2']);
  });

  it('are not appended twice: what is typed anew after an append is another element', () => {
    const held = new HeldDrafts();
    const typed = held.hold([appended('x')], 0);
    const change: ChangeDto = {
      kind: 'elements',
      elements: { type: 'list', edits: [{ index: -1, after: b64('x') }] },
    };
    held.applied(change, held.drafts[0], { after: b64('x') });
    assert.deepEqual(held.drafts, []);
    held.undo(typed);
    held.redo(typed);
    assert.deepEqual(held.drafts, []);
  });

  it('go on from what was saved when more was typed meanwhile', () => {
    const held = new HeldDrafts();
    held.hold([field('a', 'one')], 0);
    const [sent] = held.drafts;
    held.hold([field('a', 'one two')], 0);
    held.applied(saves('a', 'one'), sent, { after: b64('one') });
    const [left] = held.drafts;
    assert.deepEqual([left?.text, left?.before, left?.shown], ['one two', b64('one'), 'one']);
  });

  it('are none after they were given up, whatever is redone', () => {
    const held = new HeldDrafts([field('a', 'restored')]);
    const steps = held.hold([field('a', 'restored and more')], 0);
    held.clear();
    held.undo(steps);
    held.redo(steps);
    assert.ok(held.isEmpty);
  });

  it('move along with the elements of a list', () => {
    const held = new HeldDrafts([{ target: { kind: 'list', index: 4 }, form: 'text', text: 'x' }]);
    const edits = [{ index: 1, before: b64('gone') }];
    held.applied({ kind: 'elements', elements: { type: 'list', edits } });
    assert.deepEqual(
      held.drafts.map(({ target }) => draftKey(target)),
      ['list:3'],
    );
  });
});
