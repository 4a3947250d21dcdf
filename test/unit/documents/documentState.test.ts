import { strict as assert } from 'node:assert';
import type { DocumentContent } from '../../../src/extension/documents/documentContent';
import { DocumentState } from '../../../src/extension/documents/documentState';

function content(text: string): DocumentContent {
  const shown = Buffer.from(text);
  return { shown, isJson: false, isSame: (other) => other.equals(shown) };
}

function basisOf(state: DocumentState): string | undefined {
  return state.basisContent?.shown.toString();
}

describe('the state of a document', () => {
  it('is based on what the editor shows, not on what was read last', () => {
    const state = new DocumentState(() => 1000);
    state.read(content('old'));
    state.adopt(Buffer.from('old'));
    state.read(content('new'));
    assert.equal(basisOf(state), 'old');
    state.adopt(Buffer.from('new'));
    assert.equal(basisOf(state), 'new');
  });

  it('has no basis for a text that came back with the window', () => {
    const state = new DocumentState(() => 1000);
    state.read(content('server'));
    state.adopt(Buffer.from('restored'));
    assert.equal(basisOf(state), undefined);
  });

  it('has a time that rises with every other content, even if the clock stands still', () => {
    const state = new DocumentState(() => 1000);
    const times = ['a', 'a', 'b', 'a'].map((text) => {
      state.read(content(text));
      return state.shown?.mtime;
    });
    assert.deepEqual(times, [1000, 1000, 1001, 1002]);
  });

  it('goes on from what was written, though it could not be read again', () => {
    const state = new DocumentState(() => 1000);
    state.wrote(Buffer.from('mine'), undefined);
    assert.equal(basisOf(state), undefined);
    state.read(content('mine'));
    assert.equal(basisOf(state), 'mine');
    state.wrote(Buffer.from('mine'), content('theirs'));
    assert.equal(basisOf(state), undefined);
    assert.equal(state.shown?.size, 4);
  });
});
