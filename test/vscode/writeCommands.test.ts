import { strict as assert } from 'node:assert';
import { Redis } from 'ioredis';
import * as vscode from 'vscode';
import type { ConnectionProfile } from '../../src/engine/connections/profile';
import { keyNameOfText } from '../../src/engine/kernel/keyName';
import type { CommandId } from '../../src/extension/contract';
import { panelUri, valueViewType } from '../../src/extension/panels/valueAddress';
import { folderNode, keyNode, placeNode, type KeyNode, type Node } from '../../src/extension/trees/nodes';
import { startRedis, type CacheServer } from '../helpers/cacheServer';
import { eventually } from '../helpers/eventually';
import { aProfile } from '../helpers/ports';
import { openTestWindow, type TestWindow } from './testWindow';

/** Every command that changes something on a server, and those that change what is saved. */
const writes: readonly CommandId[] = [
  'cachify.key.new', 'cachify.key.rename', 'cachify.key.duplicate', 'cachify.key.setTtl', 'cachify.key.removeTtl',
  'cachify.key.delete', 'cachify.folder.delete',
]; // prettier-ignore
const saves: readonly CommandId[] = [
  'cachify.connection.delete', 'cachify.connection.duplicate', 'cachify.namespace.add', 'cachify.namespace.delete',
  'cachify.keys.saveSearch', 'cachify.keys.loadMore', 'cachify.keys.refresh', 'cachify.key.reveal',
]; // prettier-ignore

const garbage: readonly unknown[][] = [
  [null], [42], ['cachify'], [{}], [[]], [{ kind: 'key' }], [{ kind: 'folder', place: {} }], [{ kind: 'more' }],
  [undefined, 'not a list'], [{ kind: '__proto__' }, [{ kind: 'key' }, null]],
]; // prettier-ignore

/** Texts that a person must never read. */
const defect = /undefined|\[object|Cannot read|is not a function|NaN/;

describe('write commands', () => {
  let server: CacheServer;
  let peer: Redis;
  let window: TestWindow;
  before(async () => {
    server = await startRedis();
    peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
  });
  after(async () => {
    await peer.quit();
    await server.stop();
  });
  beforeEach(async () => {
    window = openTestWindow();
    await peer.flushall();
    await peer.mset('a:1', 'one', 'a:2', 'two', 'b', 'three');
    await peer.expire('b', 10_000);
  });
  afterEach(() => window.close());

  const keys = () => peer.keys('*').then((names) => names.sort());
  const state = async () => {
    const names = await keys();
    const values = await Promise.all(names.map((name) => peer.get(name)));
    return { names, values, expires: (await peer.ttl('b')) > 0, others: await peer.ttl('a:1') };
  };
  async function nodes(
    profile: Partial<ConnectionProfile> = {},
  ): Promise<Record<'key' | 'folder' | 'place', Node>> {
    await window.save(aProfile(server.port, { name: 'Shop', ...profile }));
    const connection = window.app.connections.get('test-connection');
    const place = placeNode(connection, 0);
    const top = keyNameOfText('');
    return {
      place,
      key: keyNode(place, keyNameOfText('a:1'), top),
      folder: folderNode(place, keyNameOfText('a:'), top, 2, true),
    };
  }
  /** Opens the panel of a key; commands go by the tab in front, of which the host is told a little later. */
  async function openInFront(key: KeyNode): Promise<void> {
    const uri = panelUri(key);
    await vscode.commands.executeCommand('vscode.openWith', uri, valueViewType);
    await eventually('the panel is in front', () => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return (input instanceof vscode.TabInputCustom && input.uri.toString() === uri.toString()) || undefined;
    });
  }
  const nodeFor = (id: CommandId, all: Awaited<ReturnType<typeof nodes>>): Node =>
    id === 'cachify.key.new' ? all.place : id === 'cachify.folder.delete' ? all.folder : all.key;

  it('C5: end without a word of ours gone wrong when there is nothing to act on', async () => {
    for (const answers of ['dismiss', 'agree'] as const) {
      window.person.answers = answers;
      for (const id of [...writes, ...saves]) await window.run(id);
    }
    assert.doesNotMatch(window.said.join('\n'), defect);
    assert.deepEqual(await window.app.profiles.list(), []);
  });

  it('neither throw nor write when called with garbage, whatever the person answers', async () => {
    await nodes();
    const before = await state();
    window.person.answers = 'dismiss';
    for (const id of [...writes, ...saves]) for (const args of garbage) await window.run(id, ...args);
    assert.deepEqual(await state(), before);
    assert.equal((await window.app.profiles.list()).length, 1);
  });

  it('act on the key of the panel in front, and not on what is selected in the tree, and name it', async () => {
    const { key, place } = await nodes();
    assert.ok(key.kind === 'key' && place.kind === 'place');
    const front = keyNode(place, keyNameOfText('b'), keyNameOfText(''));
    window.selection.push(key);
    await openInFront(front);
    try {
      window.person.answers = 'agree';
      await window.run('cachify.key.delete');
      assert.match(window.asked.join('\n'), /Delete the key b\b/);
      assert.deepEqual(await keys(), ['a:1', 'a:2']);
    } finally {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    }
  });

  it('that are about a folder take none that is selected behind the panel in front', async () => {
    const { place, folder } = await nodes();
    assert.ok(place.kind === 'place');
    window.selection.push(folder);
    const front = keyNode(place, keyNameOfText('b'), keyNameOfText(''));
    await openInFront(front);
    try {
      window.person.answers = 'agree';
      await window.run('cachify.folder.delete');
      assert.match(window.said.join('\n'), /Select a folder of keys/);
      assert.deepEqual(await keys(), ['a:1', 'a:2', 'b']);
    } finally {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    }
  });

  for (const [what, profile] of [
    ['read-only', { readOnly: true }],
    ['forced to be read-only', { forceReadOnly: true }],
    ['read-only and prod', { readOnly: true, environment: 'prod' }],
  ] as const) {
    it(`C6: are refused on a connection that is ${what}, and recorded, though the person agrees to all`, async () => {
      const all = await nodes(profile);
      const before = await state();
      Object.assign(window.person, { answers: 'agree', typed: '15m' });
      for (const id of writes) {
        const { length } = window.said;
        await window.run(id, nodeFor(id, all));
        assert.ok(window.said.length > length, `${id} says why`);
      }
      assert.deepEqual(await state(), before);
      assert.match(window.said.join('\n'), /read-only/);
      assert.doesNotMatch(window.said.join('\n'), defect);
      await window.app.recorder.settled();
      const blocked = await window.app.history.list({ limit: 100, status: 'blocked' });
      assert.ok(blocked.length >= 4, `${blocked.length} refusals are recorded`);
    });
  }

  it('G24: delete nothing on prod unless its name is typed', async () => {
    const all = await nodes({ environment: 'prod' });
    window.person.answers = 'dismiss';
    for (const id of ['cachify.key.delete', 'cachify.folder.delete'] as const)
      await window.run(id, nodeFor(id, all));
    assert.deepEqual(await keys(), ['a:1', 'a:2', 'b']);
    Object.assign(window.person, { answers: 'agree', typed: 'Shop' });
    await window.run('cachify.folder.delete', all.folder);
    assert.deepEqual(await keys(), ['b']);
  });

  it('do what they say on a writable connection, to exactly what they were called on', async () => {
    const all = await nodes();
    Object.assign(window.person, { answers: 'agree', typed: '15m' });
    await window.run('cachify.key.setTtl', all.key);
    assert.ok((await peer.ttl('a:1')) > 800);
    await window.run('cachify.key.removeTtl', all.key);
    assert.equal(await peer.ttl('a:1'), -1);
    window.person.typed = 'c';
    await window.run('cachify.key.duplicate', all.key);
    assert.deepEqual([await peer.get('c'), await peer.get('a:1')], ['one', 'one']);
    await window.run('cachify.key.delete', all.key);
    assert.deepEqual(await keys(), ['a:2', 'b', 'c']);
    assert.doesNotMatch(window.said.join('\n'), defect);
  });

  it('delete every selected key, and none of another database', async () => {
    const all = await nodes();
    const other = placeNode(window.app.connections.get('test-connection'), 1);
    const top = keyNameOfText('');
    const second = keyNode(all.place as typeof other, keyNameOfText('b'), top);
    window.person.answers = 'agree';
    await window.run('cachify.key.delete', all.key, [all.key, keyNode(other, keyNameOfText('b'), top)]);
    assert.deepEqual(await keys(), ['a:1', 'a:2', 'b']);
    await window.run('cachify.key.delete', all.key, [all.key, second]);
    assert.deepEqual(await keys(), ['a:2']);
  });
});
