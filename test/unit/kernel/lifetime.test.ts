import assert from 'node:assert/strict';
import { Emitter } from '../../../src/engine/kernel/events';
import { Lifetime } from '../../../src/engine/kernel/lifetime';

describe('a lifetime', () => {
  it('frees what it owns last-in first-out, each before the next, once', async () => {
    const freed: string[] = [];
    const lifetime = new Lifetime();
    const handle = (name: string) => ({
      dispose: async () => {
        await new Promise(setImmediate);
        freed.push(name);
      },
    });
    for (const name of ['store', 'connections', 'view']) lifetime.own(handle(name));
    await lifetime.dispose();
    await lifetime.dispose();
    assert.deepEqual(freed, ['view', 'connections', 'store']);
  });

  it('frees the rest when one fails, and throws the first failure', async () => {
    const freed: string[] = [];
    const lifetime = new Lifetime();
    lifetime.own({ dispose: () => freed.push('first') });
    lifetime.own({ dispose: () => Promise.reject(new Error('second to fail')) });
    lifetime.own({
      dispose: () => {
        throw new Error('first to fail');
      },
    });
    await assert.rejects(lifetime.dispose(), { message: 'first to fail' });
    assert.deepEqual(freed, ['first']);
  });

  it('frees at once what is added after its end', async () => {
    const lifetime = new Lifetime();
    await lifetime.dispose();
    let freed = 0;
    lifetime.own({ dispose: () => freed++ });
    assert.equal(freed, 1);
  });
});

describe('an event', () => {
  it('calls listeners in order of subscription, and the same function once a subscription', () => {
    const heard: string[] = [];
    const emitter = new Emitter<string>();
    const twice = (value: string): void => void heard.push(`twice ${value}`);
    const first = emitter.event(twice);
    emitter.event((value) => heard.push(`other ${value}`));
    emitter.event(twice);
    emitter.fire('a');
    first.dispose();
    first.dispose();
    emitter.fire('b');
    assert.deepEqual(heard, ['twice a', 'other a', 'twice a', 'other b', 'twice b']);
    assert.equal(emitter.size, 2);
  });

  it('lets a listener unsubscribe itself or subscribe another while it fires', () => {
    const heard: string[] = [];
    const emitter = new Emitter<number>();
    const handle = emitter.event((value) => {
      heard.push(`once ${value}`);
      handle.dispose();
      emitter.event((later) => heard.push(`later ${later}`));
    });
    emitter.event((value) => heard.push(`always ${value}`));
    emitter.fire(1);
    emitter.fire(2);
    assert.deepEqual(heard, ['once 1', 'always 1', 'always 2', 'later 2']);
  });
});
