import assert from 'node:assert/strict';
import { Emitter } from '../../../src/engine/kernel/events';
import { afterFirstConnect } from '../../../src/extension/afterFirstConnect';
import { eventually } from '../../helpers/eventually';
import { memoryLog } from '../../helpers/ports';

describe('Chores after the first connection', () => {
  const changes = new Emitter<string | undefined>();
  let state: 'connecting' | 'connected' = 'connecting';
  const connections = {
    onChange: changes.event,
    find: () => ({ health: { state } }),
  };

  it('are done once, in order, although one fails', async () => {
    const done: string[] = [];
    const log = memoryLog();
    const chore = (name: string, fails = false) => ({
      name,
      run: () => (fails ? Promise.reject(new Error('not today')) : Promise.resolve(done.push(name))),
    });
    const chores = afterFirstConnect(connections, log, [chore('a', true), chore('b'), chore('c')]);
    changes.fire('x');
    changes.fire(undefined);
    assert.deepEqual(done, []);
    state = 'connected';
    changes.fire('x');
    changes.fire('x');
    await eventually('the last is done', () => (done.length > 1 ? true : undefined));
    assert.deepEqual(done, ['b', 'c']);
    assert.match(log.lines.join(), /A chore failed .*"chore":"a"/);
    await chores.dispose();
    assert.equal(changes.size, 0);
  });

  it('end with the window', async () => {
    state = 'connected';
    const begun: string[] = [];
    const first = {
      name: 'first',
      run: (signal: AbortSignal) =>
        new Promise<void>((resolve) => {
          begun.push('first');
          signal.addEventListener('abort', () => {
            resolve();
          });
        }),
    };
    const second = { name: 'second', run: () => Promise.resolve(begun.push('second')) };
    const chores = afterFirstConnect(connections, memoryLog(), [first, second]);
    changes.fire('x');
    await chores.dispose();
    assert.deepEqual(begun, ['first']);
  });
});
