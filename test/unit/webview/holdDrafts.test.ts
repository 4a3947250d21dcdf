import assert from 'node:assert/strict';
import { signal } from '@preact/signals';
import type { DraftDto } from '../../../src/protocol/valueChange';
import { holdDrafts } from '../../../webview-ui/surfaces/value/holdDrafts';

const draft = (text: string): DraftDto => ({ target: { kind: 'list' }, form: 'text', text });

describe('The unsaved edits that the host holds', () => {
  it('are without one that has ended at once, lest a page that is gone by then brings it back', () => {
    const dirty = signal<readonly DraftDto[]>([draft('a')]);
    const held: string[][] = [];
    holdDrafts(dirty, (drafts) => {
      held.push(drafts.map(({ text }) => text));
      return Promise.resolve();
    });
    dirty.value = [draft('b')];
    assert.deepEqual(held, [], 'typing is not told letter by letter');
    dirty.value = [];
    assert.deepEqual(held, [[]]);
  });
});
