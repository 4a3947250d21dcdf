import assert from 'node:assert/strict';
import type { ConnectionProfile } from '../../../src/engine/connections/profile';
import { EngineError } from '../../../src/engine/kernel/errors';
import { aProfile, memoryProfiles } from '../../helpers/ports';
import { connectionsOf } from './fakeConnections';

const named = (id: string, changes: Partial<ConnectionProfile> = {}): ConnectionProfile =>
  aProfile(6379, { id, name: id, ...changes });

describe('the connections of a window', () => {
  it('are listed in the order of the tree, then of their making', async () => {
    const store = memoryProfiles(
      named('late', { order: 1, createdAt: 9 }),
      named('second', { order: 0, createdAt: 5 }),
      named('first', { order: 0, createdAt: 2 }),
    );
    const { connections } = connectionsOf(store);
    assert.deepEqual(connections.known(), []);
    const all = await connections.list();
    assert.deepEqual(
      all.map(({ profile }) => profile.id),
      ['first', 'second', 'late'],
    );
  });

  it('are read once, and again after a failed read', async () => {
    let reads = 0;
    const store = memoryProfiles(named('a'));
    const list = () => (++reads === 1 ? Promise.reject(new Error('locked')) : store.list());
    const { connections } = connectionsOf({ ...store, list });
    await assert.rejects(connections.list(), /locked/);
    await Promise.all([connections.list(), connections.list()]);
    await connections.list();
    assert.equal(reads, 2);
  });

  it('keep the live object of a connection that did not change, and its session', async () => {
    const store = memoryProfiles(named('a'), named('b'));
    const { connections, server } = connectionsOf(store);
    const [a] = await connections.list();
    await a?.connect();
    await store.reorder(new Map([['a', 5]]));
    await connections.reload();
    assert.equal(connections.get('a'), a);
    assert.deepEqual([a?.profile.order, a?.health.state, server.live()], [5, 'connected', 1]);
    await connections.dispose();
  });

  it('end the session, and forget the secret, of a connection that was edited or deleted', async () => {
    const store = memoryProfiles(named('a'), named('b'));
    const { connections, server, secrets } = connectionsOf(store);
    for (const connection of await connections.list()) await connection.connect();
    const edited = named('a', { updatedAt: 1, auth: { method: 'password', secret: 'ask' } });
    for (const profile of [edited, named('b')]) secrets.remember(profile, { password: 'old' });
    await store.save(edited);
    await store.remove('b');
    await connections.reload();
    assert.equal(server.live(), 0);
    assert.deepEqual([connections.get('a').profile, connections.find('b')], [edited, undefined]);
    await assert.rejects(secrets.resolve(edited), { reason: 'password-needed' });
    assert.throws(
      () => connections.get('b'),
      (thrown) => thrown instanceof EngineError && thrown.reason === 'gone',
    );
  });

  it('never fall back to an older list when two reloads overlap', async () => {
    const answers: ((profiles: ConnectionProfile[]) => void)[] = [];
    const list = () => new Promise<ConnectionProfile[]>((resolve) => answers.push(resolve));
    const { connections } = connectionsOf({ ...memoryProfiles(), list });
    const first = connections.reload();
    const second = connections.reload();
    await new Promise(setImmediate);
    assert.equal(answers.length, 1, 'the second reads when the first is done');
    answers[0]?.([named('a', { name: 'older' })]);
    await first;
    await new Promise(setImmediate);
    answers[1]?.([named('a', { name: 'newer', updatedAt: 1 })]);
    await second;
    assert.equal(connections.get('a').profile.name, 'newer');
  });

  it('tell which connection changed, or that the list did', async () => {
    const { connections, fired } = connectionsOf(memoryProfiles(named('a')));
    const [a] = await connections.list();
    await a?.connect();
    await connections.dispose();
    assert.deepEqual(fired, [undefined, 'a', 'a', 'a']);
  });
});
