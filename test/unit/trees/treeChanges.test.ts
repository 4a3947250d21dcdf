import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { TreeChanges } from '../../../src/extension/trees/treeChanges';
import { eventually } from '../../helpers/eventually';

/** An answer that a test gives when it likes. */
function answering(): { readonly work: () => Promise<void>; readonly give: () => void } {
  let give: () => void = () => undefined;
  const answer = new Promise<void>((resolve) => (give = resolve));
  return { work: () => answer, give };
}

describe('what a tree tells the editor', () => {
  let told: (string[] | undefined)[];
  let changes: TreeChanges<string>;
  beforeEach(() => {
    told = [];
    changes = new TreeChanges((nodes) => told.push(nodes));
  });
  afterEach(() => changes.dispose());
  const tells = (count: number) => eventually(`${count} are told`, () => told.length === count || undefined);

  it('is told at once while nobody waits for children', () => {
    changes.changed('a');
    changes.changed(undefined);
    assert.deepEqual(told, [['a'], undefined]);
  });

  it('waits until the editor has taken the children it asked for, and is told once', async () => {
    const slow = answering();
    const children = changes.during(slow.work);
    for (const node of ['place', 'connection', 'place']) changes.changed(node);
    slow.give();
    await children;
    changes.changed('key');
    await setImmediate();
    assert.deepEqual(told, []);
    await tells(1);
    assert.deepEqual(told, [['place', 'connection', 'key']]);
  });

  it('waits for the last of several answers, and an answer that fails is one', async () => {
    const [first, last] = [answering(), answering()];
    const failing = changes.during(async () => {
      await first.work();
      throw new Error('refused');
    });
    const children = changes.during(last.work);
    changes.changed('a');
    first.give();
    await assert.rejects(failing, /refused/);
    await setImmediate();
    assert.deepEqual(told, []);
    last.give();
    await children;
    await tells(1);
  });

  it('is the whole tree where that changed, too', async () => {
    await changes.during(() => Promise.resolve());
    changes.changed('a');
    changes.changed(undefined);
    await tells(1);
    assert.deepEqual(told, [undefined]);
  });

  it('is told all the same when an answer takes too long', async () => {
    const slow = answering();
    const children = changes.during(slow.work);
    changes.changed('a');
    await tells(1);
    slow.give();
    await children;
  });

  it('is told nothing more once the tree is gone', async () => {
    await changes.during(() => Promise.resolve());
    changes.changed('a');
    changes.dispose();
    const other = new TreeChanges<string>((nodes) => told.push(nodes));
    await other.during(() => Promise.resolve());
    other.changed('b');
    await tells(1);
    assert.deepEqual(told, [['b']]);
    other.dispose();
  });
});
