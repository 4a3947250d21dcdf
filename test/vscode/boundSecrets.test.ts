import { strict as assert } from 'node:assert';
import type { ConnectionProfile } from '../../src/engine/connections/profile';
import { saveConnection } from '../../src/engine/connections/saveConnection';
import { connectionNode } from '../../src/extension/trees/nodes';
import { formOf } from '../../src/extension/panels/connectionForm';
import { ConnectionSession } from '../../src/extension/panels/connectionSession';
import { startFakeRedis, type FakeRedis } from '../helpers/fakeRedis';
import { aProfile } from '../helpers/ports';
import { openTestWindow, type TestWindow } from './testWindow';

const password = 'saved-for-another-server';
const never = new AbortController().signal;

describe('a saved password', () => {
  let other: FakeRedis;
  let window: TestWindow;
  const heard: string[] = [];
  const saved = aProfile(1, { name: 'Shop', auth: { method: 'password', secret: 'stored' } });

  before(async () => {
    other = await startFakeRedis((args) => {
      heard.push(args.join(' '));
      return '-ERR no\r\n';
    });
  });
  after(() => other.close());
  beforeEach(async () => {
    heard.length = 0;
    window = openTestWindow();
    await saveConnection(window.app, saved, { password });
    await window.app.connections.reload();
  });
  afterEach(() => window.close());

  const elsewhere = (): ConnectionProfile => ({ ...saved, endpoints: aProfile(other.port).endpoints });
  const told = () => new RegExp(`new: 127\\.0\\.0\\.1:${other.port}; gone: 127\\.0\\.0\\.1:1\\b`);

  it('is asked for again, with what changed, when somebody else changed where its connection leads', async () => {
    await window.save(elsewhere());
    const connection = window.app.connections.get(saved.id);
    await assert.rejects(connection.connect(), { reason: 'password-needed' });
    await window.run('cachify.connection.test', connectionNode(connection));
    assert.deepEqual([window.asked.length, heard], [2, []]);
    for (const question of window.asked) assert.match(question, told());
  });

  it('does not go with a copy of such a connection', async () => {
    await window.save(elsewhere());
    await window.run('cachify.connection.duplicate', connectionNode(window.app.connections.get(saved.id)));
    const copy = window.app.connections.known().find(({ profile }) => profile.id !== saved.id);
    assert.ok(copy);
    await assert.rejects(copy.connect(), { reason: 'password-needed' });
    assert.deepEqual(heard, []);
  });

  it('is entered again, or forgotten, before the editor tests or saves another address', async () => {
    const session = new ConnectionSession(window.app, saved, saved);
    assert.equal((await session.load()).held.hasPassword, true);
    const form = formOf(elsewhere());
    const report = await session.test(form, never);
    assert.deepEqual([report.ok, report.field, heard], [false, 'password', []]);
    assert.match(report.headline, told());
    const { problems, id } = await session.save(form);
    assert.deepEqual([problems.map(({ field }) => field), id], [['password'], undefined]);
    assert.deepEqual(window.app.connections.get(saved.id).profile.endpoints, saved.endpoints);
    assert.deepEqual(session.check(formOf(saved)), [], 'typed back, it is as before');
    window.person.answers = 'agree';
    window.person.typed = 'new';
    await session.enterSecret('password');
    assert.equal((await session.save(form)).id, saved.id);
    assert.deepEqual(await window.app.secrets.resolve(window.app.connections.get(saved.id).profile), {
      password: 'new',
    });
  });
});
