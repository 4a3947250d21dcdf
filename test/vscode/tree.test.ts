import { strict as assert } from 'node:assert';
import { Redis } from 'ioredis';
import * as vscode from 'vscode';
import { keyName } from '../../src/engine/kernel/keyName';
import { findInTree } from '../../src/extension/trees/findInTree';
import { connectionNode, keyNode, placeNode, placePrefix, type Node } from '../../src/extension/trees/nodes';
import { startRedis, type CacheServer } from '../helpers/cacheServer';
import { eventually } from '../helpers/eventually';
import { freePort } from '../helpers/freePort';
import { aProfile } from '../helpers/ports';
import { openTestWindow, type TestWindow } from './testWindow';

const strange = [
  Buffer.from([0xff, 0, 10]),
  Buffer.from('__proto__'),
  Buffer.from('a:\u202eb'),
  Buffer.from('a:'),
  Buffer.alloc(0),
];

describe('the tree', () => {
  let server: CacheServer;
  let peer: Redis;
  let window: TestWindow;
  before(async () => {
    server = await startRedis();
    peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
    for (const key of strange) await peer.set(key, 'v');
    for (let i = 0; i < 30; i++) await peer.set(`user:${i % 3}:${i}`, 'v');
    await peer.select(2);
    await peer.set('user:0:1', 'v');
    window = openTestWindow();
    await window.save(
      aProfile(server.port, { id: 'one', name: 'One', environment: 'prod', readOnly: true }),
      aProfile(server.port, { id: 'two', name: 'Two' }),
    );
  });
  after(async () => {
    await window.close();
    await peer.quit();
    await server.stop();
  });

  /** Every node below `from`, once all scans have ended. */
  async function walk(from?: Node): Promise<Node[]> {
    const children = await window.app.tree.getChildren(from);
    for (const place of children)
      if (place.kind === 'place')
        await eventually('the scan ends', async () => {
          await window.app.tree.getChildren(place);
          return window.app.places.listing(place).progress.state === 'complete' ? true : undefined;
        });
    const below: Node[] = [];
    for (const child of children) below.push(child, ...(await walk(child)));
    return below;
  }

  it('connects nothing by being looked at', async () => {
    const nodes = await walk();
    assert.deepEqual(
      nodes.map(({ kind }) => kind),
      ['connection', 'note', 'connection', 'note'],
    );
    assert.ok(window.app.connections.known().every(({ health }) => health.state === 'unknown'));
  });

  it('C12: gives every node an id of its own that is the same the next time', async () => {
    for (const connection of window.app.connections.known()) await connection.connect();
    const nodes = await walk();
    const ids = nodes.map(({ id }) => id);
    assert.deepEqual(
      ids.filter((id, i) => ids.indexOf(id) !== i),
      [],
    );
    assert.deepEqual(
      (await walk()).map(({ id }) => id),
      ids,
    );
    const keys = nodes.filter((node) => node.kind === 'key');
    assert.equal(keys.length, 2 * (strange.length + 30 + 1));
    window.app.tree.refresh();
    assert.deepEqual(
      (await walk()).map(({ id }) => id),
      ids,
    );
  });

  it('C12: knows the parent of every node', async () => {
    for (const node of await walk()) {
      const parent = window.app.tree.getParent(node);
      if (node.kind === 'connection') assert.equal(parent, undefined);
      else {
        assert.ok(parent);
        const siblings = await window.app.tree.getChildren(parent);
        assert.ok(
          siblings.some(({ id }) => id === node.id),
          node.id,
        );
      }
    }
  });

  it('C14: says in words what each item is, on one line that nothing hides in', async () => {
    for (const node of await walk()) {
      const item = window.app.tree.getTreeItem(node);
      const label = typeof item.label === 'string' ? item.label : (item.label?.label ?? '');
      const words = item.accessibilityInformation?.label ?? '';
      assert.doesNotMatch(label + words, /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u, node.id);
      assert.equal(item.id, node.id);
      if (node.kind !== 'more') assert.ok(words !== '', node.id);
      if (node.kind === 'key')
        assert.ok(label !== '' && words.includes(node.place.connection.profile.environment));
    }
  });

  it('finds a key opened by its name, in folders and beyond what a level shows', async () => {
    const names = [
      ...strange.map(String),
      'user:1:4',
      ...Array.from({ length: 450 }, (_, i) => `many:${i}:x`),
    ];
    await peer.select(3);
    await peer.mset(...names.flatMap((name) => [name, 'v']));
    const place = placeNode(window.app.connections.get('two'), 3);
    await walk();
    for (const name of [...names.slice(0, 8), 'many:99:x']) {
      const key = keyName(Buffer.from(name));
      const found = await findInTree(window.app, keyNode(place, key, placePrefix(place)));
      assert.ok(found?.kind === 'key' && found.key === key, name);
      assert.equal(name.startsWith(found.above), true);
      assert.ok((await window.app.tree.getChildren(window.app.tree.getParent(found))).includes(found));
    }
    const missing = keyNode(place, keyName(Buffer.from('none:1')), placePrefix(place));
    assert.equal(await findInTree(window.app, missing), undefined);
    await peer.flushdb();
  });

  it('C8: has words for the menus, sorted, that tell what is locked', async () => {
    for (const node of await walk()) {
      const words = window.app.tree.getTreeItem(node).contextValue?.split(';') ?? [];
      assert.deepEqual(words, [...words].sort());
      if (node.kind !== 'key') continue;
      const isLocked = node.place.connection.profile.id === 'one';
      assert.equal(words.includes('locked'), isLocked);
      assert.equal(words.includes('writable'), !isLocked);
    }
  });

  it('C13: asks the server nothing about a key until it is hovered', async () => {
    const calls = async () => /cmdstat_pttl:calls=(\d+)/.exec(await peer.info('commandstats'))?.[1] ?? '0';
    const nodes = await walk();
    const before = await calls();
    for (const node of nodes) window.app.tree.getTreeItem(node);
    assert.equal(await calls(), before);
    const key = nodes.find((node) => node.kind === 'key');
    assert.ok(key);
    const { token } = new vscode.CancellationTokenSource();
    const item = await window.app.tree.resolveTreeItem(window.app.tree.getTreeItem(key), key, token);
    assert.ok(item.tooltip);
  });

  it('says once what to do when nothing answers where a connection leads', async () => {
    const port = await freePort();
    await window.save(aProfile(port, { id: 'three', name: 'Three' }));
    await window.run('cachify.connection.connect', connectionNode(window.app.connections.get('three')));
    const said = window.said.join('\n');
    assert.match(said, /^Three: 127\.0\.0\.1:\d+: nothing accepts connections/m);
    assert.equal(said.match(/Check that the server runs/g)?.length, 1);
  });

  it('shows keys of a server that refuses INFO, and says which databases cannot be listed', async () => {
    const silent = await startRedis({
      args: ['INFO', 'SLOWLOG'].flatMap((command) => ['--rename-command', command, '']),
    });
    const client = new Redis(silent.port, '127.0.0.1', { protocol: 2, enableReadyCheck: false });
    await client.set('here', '1');
    await window.save(aProfile(silent.port, { id: 'silent', name: 'Silent' }));
    const connection = window.app.connections.get('silent');
    await connection.connect();
    const below = await walk(connectionNode(connection));
    const notes = below.filter((node) => node.kind === 'note').map(({ text }) => text);
    assert.deepEqual(below.map(({ kind }) => kind).sort(), ['key', 'note', 'place']);
    assert.match(notes[0] ?? '', /^Other databases cannot be listed\. /);
    const before = window.said.length;
    await window.run('cachify.server.showInfo', connectionNode(connection));
    assert.match(window.said.slice(before).join('\n'), /INFO is not available on this server/);
    await connection.disconnect();
    await client.quit();
    await silent.stop();
  });
});
