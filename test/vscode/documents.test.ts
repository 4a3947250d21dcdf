import { strict as assert } from 'node:assert';
import { Redis } from 'ioredis';
import * as vscode from 'vscode';
import { keyNameOfText } from '../../src/engine/kernel/keyName';
import { openDocument } from '../../src/extension/documents/openDocument';
import { valueDocuments } from '../../src/extension/documents/valueDocuments';
import { connectionNode, keyNode, placeNode } from '../../src/extension/trees/nodes';
import { startMemcached, startRedis, type CacheServer } from '../helpers/cacheServer';
import { eventually } from '../helpers/eventually';
import { MemcachedPeer } from '../helpers/memcachedPeer';
import { aProfile } from '../helpers/ports';
import { openTestWindow, type TestWindow } from './testWindow';
import { comparison, documentInFront, testScheme, useDocuments } from './useDocuments';

describe('values as documents', () => {
  const documents = useDocuments();
  const { open, replaceAll } = documents;
  /** Whether the editor refuses to type, as it does in a read-only file. */
  async function isReadOnly({ uri }: vscode.TextDocument): Promise<boolean> {
    const { permissions } = await vscode.workspace.fs.stat(uri);
    return permissions === vscode.FilePermission.Readonly;
  }

  it('G17: save exactly what was typed, whatever is switched on for every file', async () => {
    await documents.peer.set('page', 'Grüße  \n\n\n', 'EX', 5000);
    const document = await open('page');
    assert.equal(document.getText(), 'Grüße  \n\n\n');
    assert.equal(document.languageId, 'cachify-value');
    await replaceAll(document, 'Grüße → €  \n\n\nno newline, a blank ');
    assert.ok(document.isDirty);
    assert.ok(await document.save());
    assert.equal(await documents.peer.get('page'), 'Grüße → €  \n\n\nno newline, a blank ');
    assert.ok((await documents.peer.ttl('page')) > 4000, 'the time to live is kept');
    await documents.window.app.recorder.settled();
    const events = await documents.window.app.history.list({ limit: 10 });
    const saves = events.filter(({ action }) => action === 'value.save');
    assert.deepEqual(
      saves.map(({ status, keyOrPattern }) => [status, keyOrPattern]),
      [['success', 'page']],
    );
  });

  it('keep Windows line ends and JSON as it is laid out', async () => {
    await documents.peer.mset('crlf', 'a\r\nb\r\n', 'json', '{"a":1, "b":9007199254740993}');
    const lines = await open('crlf');
    await replaceAll(lines, 'a\r\nb2\r\n');
    assert.ok(await lines.save());
    assert.equal(await documents.peer.get('crlf'), 'a\r\nb2\r\n');
    const json = await open('json');
    assert.equal(json.languageId, 'cachify-value-json');
    await replaceAll(json, '{"a":2, "b":9007199254740993}');
    assert.ok(await json.save());
    assert.equal(await documents.peer.get('json'), '{"a":2, "b":9007199254740993}');
  });

  it('get line feeds where there was no line end before, whatever is usual', async () => {
    await documents.peer.set('line', 'one');
    const document = await open('line');
    await replaceAll(document, 'one\ntwo');
    assert.ok(await document.save());
    assert.equal(await documents.peer.get('line'), 'one\ntwo');
  });

  it('can be saved again and again, each time compared with the save before', async () => {
    await documents.peer.set('n', '0');
    const document = await open('n');
    for (const text of ['1', '22', '333']) {
      await replaceAll(document, text);
      assert.ok(await document.save());
      assert.equal(await documents.peer.get('n'), text);
    }
    const { mtime } = await vscode.workspace.fs.stat(document.uri);
    await replaceAll(document, '4444');
    await document.save();
    assert.ok((await vscode.workspace.fs.stat(document.uri)).mtime > mtime);
  });

  it('are compared with the server by a command of their own', async () => {
    await documents.peer.set('shared', 'first');
    const document = await open('shared');
    await documents.peer.set('shared', 'other');
    await documents.window.run('cachify.document.compare', document.uri);
    const sides = await comparison();
    const theirs = await vscode.workspace.openTextDocument(sides.original);
    assert.equal(theirs.getText(), 'other');
    assert.equal(sides.modified.toString(), document.uri.toString());
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('compare a save with what the editor was typed on, not with what something else has read since', async () => {
    await documents.peer.set('typed', 'first');
    const document = await open('typed');
    await replaceAll(document, 'mine');
    await documents.peer.set('typed', 'other');
    assert.equal(Buffer.from(await vscode.workspace.fs.readFile(document.uri)).toString(), 'other');
    assert.equal(await document.save(), false);
    assert.equal(await documents.peer.get('typed'), 'other');
  });

  it('show what the server holds now when they are opened again', async () => {
    await documents.peer.set('again', 'first');
    await open('again');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await documents.peer.set('again', 'other');
    const document = await open('again');
    await eventually('the editor reads again', () => document.getText() === 'other' || undefined);
    await replaceAll(document, 'mine');
    assert.ok(await document.save());
    assert.equal(await documents.peer.get('again'), 'mine');
  });

  it('say that a key is gone, and do not make it again', async () => {
    await documents.peer.set('short', 'lived');
    const document = await open('short');
    await documents.peer.del('short');
    await replaceAll(document, 'mine');
    assert.equal(await document.save(), false);
    assert.equal(await documents.peer.exists('short'), 0);
  });

  it('open one field of a hash, and leave the others and their times', async () => {
    await documents.peer.hset('user', { name: 'Anna', mail: 'a@b.c' });
    const document = await open('user', {}, { kind: 'hash', field: Buffer.from('name') });
    await replaceAll(document, 'Annika');
    assert.ok(await document.save());
    assert.deepEqual(await documents.peer.hgetall('user'), { name: 'Annika', mail: 'a@b.c' });
  });

  it('open an entry of a stream to read', async () => {
    await documents.peer.xadd('events', '5-0', 'kind', 'a', 'kind', 'b');
    await documents.peer.xadd('events', '5-1', 'kind', 'c');
    const document = await open('events', {}, { kind: 'stream', id: '5-0' });
    assert.equal(document.getText(), '{\n  "kind": "a",\n  "kind": "b"\n}');
    assert.ok(await isReadOnly(document));
    assert.match(documents.window.said.join('\n'), /cannot be changed once they are written/);
  });

  const unsafe: readonly [string, Buffer, RegExp][] = [
    ['bytes that are no UTF-8', Buffer.of(0x41, 0xff, 0x42), /not valid UTF-8/],
    ['a byte order mark', Buffer.from('\ufeffa'), /byte order mark/],
    ['mixed line ends', Buffer.from('a\r\nb\nc'), /mixes kinds of line ends/],
    ['a lone carriage return', Buffer.from('a\rb'), /mixes kinds of line ends/],
    ['more than 1 MiB', Buffer.alloc(1024 * 1024 + 1, 'x'), /above 1 MiB/],
  ];
  for (const [what, bytes, reason] of unsafe) {
    it(`G17: are read-only, and say why, with ${what}`, async () => {
      await documents.peer.set('odd', bytes);
      const document = await open('odd');
      assert.ok(await isReadOnly(document));
      assert.match(documents.window.said.join('\n'), reason);
      await assert.rejects(async () => vscode.workspace.fs.writeFile(document.uri, Buffer.from('new')));
      assert.deepEqual(await documents.peer.getBuffer('odd'), bytes);
    });
  }

  it('are read-only on a read-only connection, and refused and recorded should a save come all the same', async () => {
    await documents.peer.set('a', 'one');
    const document = await open('a', { readOnly: true });
    assert.ok(await isReadOnly(document));
    assert.match(documents.window.said.join('\n'), /read-only/);
    await assert.rejects(async () => vscode.workspace.fs.writeFile(document.uri, Buffer.from('two')));
    assert.equal(await documents.peer.get('a'), 'one');
  });

  it('refuse bytes that no one typed: another encoding, a byte order mark', async () => {
    await documents.peer.set('a', 'one');
    const document = await open('a');
    for (const bytes of [Buffer.from('\ufeffone'), Buffer.from('ön', 'utf16le'), Buffer.from('ön', 'latin1')])
      await assert.rejects(async () => vscode.workspace.fs.writeFile(document.uri, bytes), /byte order mark/);
    assert.equal(await documents.peer.get('a'), 'one');
  });

  it('tell keys apart by every byte, and read well', async () => {
    await documents.peer.mset('Key', 'upper', 'key', 'lower', 'a/b', 'slash', '..', 'dots');
    await documents.peer.set(Buffer.of(0xff, 0x2f), 'bytes');
    const opened: vscode.TextDocument[] = [];
    for (const key of ['Key', 'key', 'a/b', '..', '\xff/']) opened.push(await open(key));
    assert.deepEqual(
      opened.map((document) => document.getText()),
      ['upper', 'lower', 'slash', 'dots', 'bytes'],
    );
    assert.deepEqual(
      opened.map(({ uri }) => uri.path.split('/')),
      ['Key', 'key', 'a∕b', '․․', '⧵xff∕'].map((label) => ['', 'Cachify values', 'Shop∕1', 'db 0', label]),
    );
  });

  it('never connect by themselves', async () => {
    await documents.peer.set('a', 'one');
    const document = await open('a');
    const { uri } = document;
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await documents.window.app.connections.get('test-connection').disconnect();
    await assert.rejects(async () => vscode.workspace.fs.readFile(uri), /Shop\/1 is not connected/);
    assert.equal(documents.window.app.connections.get('test-connection').isOpen, false);
  });

  it('do not save over a server that moved on while the window was away', async () => {
    await documents.peer.set('a', 'one');
    const { uri } = await open('a');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    // a text that came back from a backup was read by another session
    documents.forget();
    await assert.rejects(
      async () => vscode.workspace.fs.writeFile(uri, Buffer.from('mine')),
      /not known any more/,
    );
    assert.equal(await documents.peer.get('a'), 'one');
    await vscode.workspace.fs.writeFile(uri, Buffer.from('one'));
    await vscode.workspace.fs.writeFile(uri, Buffer.from('two'));
    assert.equal(
      await documents.peer.get('a'),
      'two',
      'a text that is what the server holds can be gone on from',
    );
  });
});

describe('what a server tells of itself', () => {
  let server: CacheServer;
  let window: TestWindow;
  before(async () => {
    server = await startRedis();
    window = openTestWindow();
    await window.save(aProfile(server.port, { name: 'Shop' }));
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await window.close();
    await server.stop();
  });

  it('is a read-only document, recorded without a word of it', async () => {
    window.person.answers = 'agree';
    await window.run(
      'cachify.server.showInfo',
      connectionNode(window.app.connections.get('test-connection')),
    );
    const document = await documentInFront('/Cachify values/Shop/INFO.txt');
    assert.match(document.getText(), /^# Server\nredis_version:/);
    assert.equal(vscode.workspace.fs.isWritableFileSystem(document.uri.scheme), undefined);
    await window.app.recorder.settled();
    const [event] = await window.app.history.list({ limit: 1 });
    assert.deepEqual(
      [event?.action, event?.keyOrPattern, event?.status],
      ['server.report', 'INFO', 'success'],
    );
  });
});

describe('a key as the server stores it', () => {
  let server: CacheServer;
  let peer: Redis;
  let window: TestWindow;
  before(async () => {
    server = await startRedis();
    peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
    window = openTestWindow();
    await window.save(aProfile(server.port, { name: 'Shop' }));
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await window.close();
    await peer.quit();
    await server.stop();
  });

  it('is a read-only document in hex, with its length and version', async () => {
    await peer.set('user', 'Anna');
    const payload = await peer.dumpBuffer('user');
    const connection = window.app.connections.get('test-connection');
    await connection.connect();
    const node = keyNode(placeNode(connection, 0), keyNameOfText('user'), keyNameOfText(''));
    await window.run('cachify.key.showDump', node);
    const document = await documentInFront('/Cachify values/Shop/db 0/user (DUMP).txt');
    const [head, , first] = document.getText().split('\n');
    const version = payload.readUInt16LE(payload.length - 10);
    assert.equal(head, `user: ${payload.length} bytes as DUMP gives them, format version ${version}`);
    assert.match(first ?? '', /^00000000 {2}00 04 41 6e 6e 61 .*\|\.\.Anna/);
  });
});

describe('Memcached items as documents', () => {
  let server: CacheServer;
  let peer: MemcachedPeer;
  let window: TestWindow;
  let registered: readonly { dispose(): unknown }[];
  before(async () => {
    server = await startMemcached();
    peer = await MemcachedPeer.connect(server.port);
    window = openTestWindow();
    registered = valueDocuments(window.app, testScheme);
  });
  after(async () => {
    for (const each of registered) each.dispose();
    await window.close();
    peer.close();
    await server.stop();
  });

  it('keep flags and time to live, save after save, and meet a conflict by CAS', async () => {
    await peer.set('item', 'one', 42, 5000);
    await window.save(aProfile(server.port, { name: 'Cache', engine: 'memcached' }));
    const connection = window.app.connections.get('test-connection');
    await connection.connect();
    const node = keyNode(placeNode(connection, 0), keyNameOfText('item'), keyNameOfText(''));
    const { uri } = await openDocument(window.app, node, undefined, testScheme);
    for (const text of ['two', 'three']) await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
    const [, ttl] = /t(\d+)/.exec(await peer.ask('mg item t f v\r\n', 'three\r\n')) ?? [];
    assert.ok(Number(ttl) > 4000);
    assert.match(await peer.ask('get item\r\n', 'END\r\n'), /^VALUE item 42 5\r\nthree\r\n/);
    await peer.set('item', 'other', 42);
    await assert.rejects(
      async () => vscode.workspace.fs.writeFile(uri, Buffer.from('mine')),
      /changed on the server/,
    );
    assert.match(await peer.ask('get item\r\n', 'END\r\n'), /\r\nother\r\n/);
  });
});
