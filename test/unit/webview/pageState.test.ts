import assert from 'node:assert/strict';
import { parsePageState, restoreNote } from '../../../src/protocol/pageState';

describe('What a page keeps for the day it is restored', () => {
  it('gives the host its note, not the page’s whole state around it', () => {
    assert.deepEqual(restoreNote({ restore: { connectionId: 'c' }, layout: { live: 2 } }), {
      connectionId: 'c',
    });
  });

  it('is nothing when it is none of ours', () => {
    for (const state of [undefined, null, 'x', 42, { layout: 'wide' }]) {
      assert.equal(restoreNote(state), undefined);
      assert.deepEqual(parsePageState(state), {});
    }
  });
});
