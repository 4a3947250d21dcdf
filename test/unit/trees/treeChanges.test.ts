import assert from 'node:assert/strict';
import { TreeChanges } from '../../../src/extension/trees/treeChanges';
import { eventually } from '../../helpers/eventually';

/** An answer that a test gives when it likes. */
function answering(): { readonly work: () => Promise<string>; readonly give: () => void } {
  let give: () => void = () => undefined;
  const answer = new Promise<string>((resolve) => (give = () => resolve('children')));
  return { work: () => answer, give };
}

describe('what a tree tells the editor', () => {
  let told: (string | undefined)[];
  let changes: TreeChanges<string>;
  beforeEach(() => {
    told = [];
    changes = new TreeChanges((node) => told.push(node));
  });
  afterEach(() => changes.dispose());
  const tellsOf = (count: number) =>
    eventually(`${count} are told`, () => told.length === count || undefined);

  it('is told at once while nobody waits for children', () => {
    changes.changed('a');
    changes.changed(undefined);
    assert.deepEqual(told, ['a', undefined]);
  });

  it('waits until the editor has the children it asked for, and is told once', async () => {
    const slow = answering();
    const children = changes.during('place', slow.work);
    for (const node of ['place', 'connection', 'place']) changes.changed(node);
    assert.deepEqual(told, []);
    slow.give();
    assert.equal(await children, 'children');
    assert.deepEqual(told, [], 'the answer goes first');
    await tellsOf(2);
    assert.deepEqual(told, ['place', 'connection']);
  });

  it('is of the whole tree when a part of it changed as well', async () => {
    const slow = answering();
    const children = changes.during('place', slow.work);
    for (const node of ['place', undefined]) changes.changed(node);
    slow.give();
    await children;
    await tellsOf(1);
    assert.deepEqual(told, [undefined]);
  });

  it('does not wait for a server that does not answer; the level it has no children of is told again', async () => {
    const slow = answering();
    const children = changes.during('place', slow.work);
    changes.changed('connection');
    await tellsOf(1);
    assert.deepEqual(told, ['connection']);
    slow.give();
    await children;
    await tellsOf(2);
    assert.deepEqual(told, ['connection', 'place']);
  });

  it('is told after an answer that failed, too', async () => {
    const children = changes.during('place', () => Promise.reject(new Error('lost')));
    changes.changed('place');
    await assert.rejects(children, /lost/);
    await tellsOf(1);
  });
});
