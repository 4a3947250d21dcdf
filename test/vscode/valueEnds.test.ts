import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import * as vscode from 'vscode';
import type { ConnectionProfile } from '../../src/engine/connections/profile';
import { keyNameOfText } from '../../src/engine/kernel/keyName';
import { keyNode, placeNode, type KeyNode } from '../../src/extension/trees/nodes';
import type { DraftDto } from '../../src/protocol/valueChange';
import type { ValueModel } from '../../webview-ui/surfaces/value/valueModel';
import { startRedis, type CacheServer } from '../helpers/cacheServer';
import { eventually } from '../helpers/eventually';
import { aProfile } from '../helpers/ports';
import { openTestWindow, type TestWindow } from './testWindow';
import { ValueTab } from './valueTab';

const b64 = (text: string): string => Buffer.from(text).toString('base64');
const typed: DraftDto = {
  target: { kind: 'string' },
  before: b64('one'),
  form: 'text',
  text: 'mine',
  shown: 'one',
};

describe('unsaved changes of a value that cannot be saved as it is', () => {
  let server: CacheServer;
  let peer: Redis;
  let window: TestWindow;
  let tab: ValueTab;
  let node: KeyNode;
  const folder = mkdtempSync(join(tmpdir(), 'cachify-backup-'));
  const backup = vscode.Uri.file(join(folder, 'backup'));
  before(async () => {
    server = await startRedis();
    peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
  });
  after(async () => {
    await peer.quit();
    await server.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    window = openTestWindow();
    await peer.flushall();
    await peer.set('s', 'one');
  });
  afterEach(async () => {
    tab.close();
    await window.close();
  });

  /** Opens the key and types; the page has told the editor. */
  async function type(profile: Partial<ConnectionProfile> = {}): Promise<ValueModel> {
    await window.save(aProfile(server.port, { name: 'Shop', ...profile }));
    const connection = window.app.connections.get('test-connection');
    await connection.connect();
    node = keyNode(placeNode(connection, 0), keyNameOfText('s'), keyNameOfText(''));
    tab = await ValueTab.open(window, node);
    const page = tab.page();
    await eventually('the value is shown', () => page.reading.snapshot.value);
    page.drafts.put(typed);
    page.tellHost?.();
    return page;
  }
  /** What a page that is shown now has as unsaved. */
  async function unsaved(): Promise<string[]> {
    const page = tab.page();
    await eventually(
      'the page has begun',
      () => page.reading.snapshot.value ?? page.reading.loading.failure.value,
    );
    return page.drafts.dirty.value.map(({ text }) => text);
  }
  /** Keeps a backup and opens it again, as a reload of the window does. */
  async function reopened(): Promise<void> {
    const { id } = await tab.backUp(backup);
    tab.close();
    tab = await ValueTab.open(window, node, id);
  }

  it('stay when the key was deleted: saving says so and does not make it again, reverting ends them', async () => {
    await type();
    await peer.del('s');
    await assert.rejects(tab.save(), /s .*(does not exist|deleted)/);
    assert.deepEqual(await unsaved(), ['mine']);
    await reopened();
    assert.deepEqual(await unsaved(), ['mine']);
    await assert.rejects(tab.save(), /s .*(does not exist|deleted)/);
    assert.equal(await peer.exists('s'), 0);
    await tab.revert();
    assert.deepEqual(await unsaved(), []);
  });

  it('stay when the connection became read-only: saving says so, reverting ends them', async () => {
    await type();
    const { app } = window;
    await app.profiles.save({ ...app.connections.get('test-connection').profile, readOnly: true });
    await app.connections.reload();
    await app.connections.get('test-connection').connect();
    await assert.rejects(tab.save(), /"Shop" is read-only/);
    assert.deepEqual(await unsaved(), ['mine']);
    await reopened();
    await assert.rejects(tab.save(), /"Shop" is read-only/);
    assert.deepEqual(await unsaved(), ['mine']);
    assert.equal(await peer.get('s'), 'one');
    await tab.revert();
    assert.deepEqual(await unsaved(), []);
  });

  it('are saved on production by the editor, and compared as everywhere', async () => {
    await type({ environment: 'prod' });
    await tab.save();
    assert.equal(await peer.get('s'), 'mine');
    assert.deepEqual(await unsaved(), []);
    await peer.set('s', 'theirs');
    const page = tab.page();
    await eventually('the value is shown', () => page.reading.snapshot.value);
    page.drafts.put({ ...typed, before: b64('mine'), shown: 'mine', text: 'mine again' });
    page.tellHost?.();
    await assert.rejects(tab.save(), /s was changed on the server/);
    assert.equal(await peer.get('s'), 'theirs');
    assert.deepEqual(await unsaved(), ['mine again']);
  });

  it('stay when the connection is closed, and are saved once it is open again', async () => {
    await type();
    const connection = window.app.connections.get('test-connection');
    await connection.disconnect();
    await assert.rejects(tab.save(), /Shop is not connected: connect it/);
    assert.deepEqual(await unsaved(), ['mine']);
    assert.equal(connection.isOpen, false, 'saving connects nothing by itself');
    await connection.connect();
    await tab.save();
    assert.equal(await peer.get('s'), 'mine');
  });

  it('stay when the connection was deleted: every way out says so, and keeps them', async () => {
    await type();
    await window.app.profiles.remove('test-connection');
    await window.app.connections.reload();
    await reopened();
    await assert.rejects(tab.save(), /connection of this value does not exist any more/);
    assert.deepEqual(await unsaved(), ['mine']);
    await reopened();
    assert.deepEqual(await unsaved(), ['mine']);
  });
});
