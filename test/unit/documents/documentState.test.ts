import { strict as assert } from 'node:assert';
import type { DocumentContent } from '../../../src/extension/documents/documentContent';
import { DocumentState } from '../../../src/extension/documents/documentState';

function content(text: string): DocumentContent {
  const shown = Buffer.from(text);
  return { shown, isJson: async () => false, isSame: async (other) => other.equals(shown) };
}

async function basisOf(state: DocumentState): Promise<string | undefined> {
  return (await state.basisContent())?.shown.toString();
}

describe('the state of a document', () => {
  it('is based on what the editor shows, not on what was read last', async () => {
    const state = new DocumentState(() => 1000);
    state.read(content('old'));
    state.adopt(Buffer.from('old'));
    state.read(content('new'));
    assert.equal(await basisOf(state), 'old');
    state.adopt(Buffer.from('new'));
    assert.equal(await basisOf(state), 'new');
  });

  it('has no basis for a text that came back with the window', async () => {
    const state = new DocumentState(() => 1000);
    state.read(content('server'));
    state.adopt(Buffer.from('restored'));
    assert.equal(await basisOf(state), undefined);
  });

  it('has a time that rises with every other content, even if the clock stands still', () => {
    const state = new DocumentState(() => 1000);
    const times = ['a', 'a', 'b', 'a'].map((text) => {
      state.read(content(text));
      return state.shown.mtime;
    });
    assert.deepEqual(times, [1000, 1000, 1001, 1002]);
  });

  it('goes on from what was written, though it could not be read again', async () => {
    const state = new DocumentState(() => 1000);
    await state.wrote(Buffer.from('mine'), undefined);
    assert.equal(await basisOf(state), undefined);
    state.read(content('mine'));
    assert.equal(await basisOf(state), 'mine');
    await state.wrote(Buffer.from('mine'), content('theirs'));
    assert.equal(await basisOf(state), undefined);
    assert.equal(state.shown.size, 4);
  });
});
