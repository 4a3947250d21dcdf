import { strict as assert } from 'node:assert';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import * as vscode from 'vscode';
import type { ConnectionProfile } from '../../src/engine/connections/profile';
import { keyNameOfText } from '../../src/engine/kernel/keyName';
import { restoreHoles } from '../../src/engine/connections/restoreHoles';
import { sealed } from '../../src/engine/transfer/dumpSeal';
import { linesFormat } from '../../src/engine/transfer/fileFormat';
import { connectionNode, folderNode, keyNode, placeNode } from '../../src/extension/trees/nodes';
import { startRedis, type CacheServer } from '../helpers/cacheServer';
import { partsOf } from '../helpers/parts';
import { aProfile } from '../helpers/ports';
import { replace } from './stubs';
import { openTestWindow, type TestWindow } from './testWindow';

/** Texts that a person must never read. */
const defect = /undefined|\[object|Cannot read|is not a function|NaN/;
const top = keyNameOfText('');

describe('commands on files', () => {
  let server: CacheServer;
  let peer: Redis;
  let window: TestWindow;
  let folder: string;
  let dialogs: string[];
  let restore: (() => void)[];
  const path = (name = 'file'): string => join(folder, name);
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
    folder = mkdtempSync(join(tmpdir(), 'cachify-files-'));
    dialogs = [];
    const chosen = vscode.Uri.file(path());
    restore = [
      replace(vscode.window, 'showSaveDialog', async (options) => {
        dialogs.push(options?.title ?? '');
        return chosen;
      }),
      replace(vscode.window, 'showOpenDialog', async (options) => {
        dialogs.push(options?.title ?? '');
        return [chosen];
      }),
    ];
    await peer.flushall();
    await peer.mset('a:1', 'one', 'a:2', Buffer.from([0xff, 0]), 'b', 'three');
    await peer.expire('a:1', 10_000);
  });
  afterEach(async () => {
    for (const undo of restore) undo();
    await window.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function nodes(profile: Partial<ConnectionProfile> = {}) {
    await window.save(aProfile(server.port, { name: 'Shop', ...profile }));
    const connection = window.app.connections.get('test-connection');
    const place = placeNode(connection, 0);
    const key = keyNode(place, keyNameOfText('a:1'), top);
    return { connection, place, key, folder: folderNode(place, keyNameOfText('a:'), top, 2, true) };
  }
  const agree = (typed = ''): void => {
    Object.assign(window.person, { answers: 'agree', typed });
  };
  const lines = (): unknown[] =>
    readFileSync(path(), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);

  it('export a folder, and import it again byte for byte with its times to live', async () => {
    const all = await nodes();
    agree();
    await window.run('cachify.keys.export', all.folder);
    assert.equal(lines().length, 4);
    assert.match(dialogs.join(), /the file will hold values/);
    await peer.del('a:1', 'a:2');
    await window.run('cachify.keys.import', all.place);
    assert.deepEqual([await peer.get('a:1'), await peer.getBuffer('a:2')], ['one', Buffer.from([0xff, 0])]);
    assert.ok((await peer.ttl('a:1')) > 9_000);
    assert.match(window.said.join('\n'), /2 written/);
    assert.doesNotMatch(window.said.join('\n'), defect);
    assert.deepEqual(readdirSync(folder), ['file']);
  });

  it('export a selection and a whole place', async () => {
    const all = await nodes();
    agree();
    const other = keyNode(all.place, keyNameOfText('b'), top);
    await window.run('cachify.keys.export', all.key, [all.key, other]);
    assert.equal(lines().length, 4);
    await window.run('cachify.keys.export', all.place);
    assert.equal(lines().length, 5);
    await window.app.recorder.settled();
    const events = await window.app.history.list({ limit: 10 });
    assert.deepEqual(
      events.filter(({ action }) => action === 'keys.export').map(({ status }) => status),
      ['success', 'success'],
    );
    assert.doesNotMatch(JSON.stringify(events), /three/);
  });

  it('leave what exists as it is, and tell of a file that is cut off', async () => {
    const all = await nodes();
    agree();
    await window.run('cachify.keys.export', all.place);
    writeFileSync(path(), readFileSync(path(), 'utf8').replace(/\n\{"end.*\n$/, '\n'));
    await peer.set('b', 'theirs');
    await window.run('cachify.keys.import', connectionNode(all.connection));
    assert.equal(await peer.get('b'), 'theirs');
    assert.match(
      window.said.join('\n'),
      /3 skipped because they exist, the file ends early \(keys complete: 3\)/,
    );
  });

  it('refuse to import, load or make a key before any question when the connection is read-only', async () => {
    const all = await nodes({ readOnly: true });
    agree();
    const calls = [
      ['cachify.keys.import', connectionNode(all.connection)],
      ['cachify.keys.import', all.place],
      ['cachify.key.loadValue', all.key],
      ['cachify.key.newFromFile', all.folder],
    ] as const;
    for (const [id, node] of calls) await window.run(id, node);
    assert.equal(window.said.filter((text) => text.includes('is read-only')).length, calls.length);
    assert.deepEqual([dialogs, window.asked], [[], []]);
    await window.run('cachify.keys.export', all.folder);
    assert.equal(lines().length, 4);
  });

  it('save a value as its bytes, load another, and make a key of it', async () => {
    const all = await nodes();
    agree();
    const binary = keyNode(all.place, keyNameOfText('a:2'), top);
    await window.run('cachify.key.saveValue', binary);
    assert.deepEqual(readFileSync(path()), Buffer.from([0xff, 0]));
    writeFileSync(path(), Buffer.from([1, 0xfe, 10]));
    await window.run('cachify.key.loadValue', all.key);
    assert.deepEqual(await peer.getBuffer('a:1'), Buffer.from([1, 0xfe, 10]));
    assert.ok((await peer.ttl('a:1')) > 9_000, 'G16: the time to live is kept');
    agree('made');
    await window.run('cachify.key.newFromFile', all.place);
    assert.deepEqual(await peer.getBuffer('made'), Buffer.from([1, 0xfe, 10]));
    assert.doesNotMatch(window.said.join('\n'), defect);
  });

  it('load nothing when the person does not agree, nor over a list', async () => {
    const all = await nodes();
    writeFileSync(path(), 'new');
    window.person.answers = 'dismiss';
    await window.run('cachify.key.loadValue', all.key);
    assert.equal(await peer.get('a:1'), 'one');
    await peer.rpush('list', 'x');
    agree();
    await window.run('cachify.key.loadValue', keyNode(all.place, keyNameOfText('list'), top));
    assert.deepEqual(await peer.lrange('list', 0, -1), ['x']);
    assert.match(window.said.join('\n'), /A list is no single value/);
  });

  it('copy a value to the clipboard, and say to save one that is too large', async () => {
    const all = await nodes();
    agree();
    await window.run('cachify.key.copyValue', all.key);
    assert.equal(await vscode.env.clipboard.readText(), 'one');
    await peer.set('a:1', Buffer.alloc(1024 * 1024 + 1, 'x'));
    await window.run('cachify.key.copyValue', all.key);
    assert.match(window.said.join('\n'), /larger than 1 MiB: save it/);
    assert.equal(await vscode.env.clipboard.readText(), 'one');
  });

  it('copy a key to another name, and ask before they replace one', async () => {
    const all = await nodes();
    agree('copied');
    await window.run('cachify.key.copyTo', all.key);
    assert.equal(await peer.get('copied'), 'one');
    assert.ok((await peer.ttl('copied')) > 9_000);
  });

  describe('with a value as a server serialised it', () => {
    let offered: vscode.QuickPickItem[];
    let told: (string | undefined)[];
    let takes: boolean;
    beforeEach(async () => {
      offered = [];
      told = [];
      takes = false;
      const pick = async (
        given: readonly unknown[] | PromiseLike<readonly unknown[]>,
        options?: vscode.QuickPickOptions,
      ): Promise<unknown> => {
        const items = (await given) as readonly vscode.QuickPickItem[];
        const unsigned = items.find(({ label }) => label === 'Import them too');
        if (unsigned) {
          offered.push(...items);
          told.push(options?.title, options?.placeHolder);
        }
        return takes && unsigned ? unsigned : items[0];
      };
      restore.push(replace(vscode.window, 'showQuickPick', pick as typeof vscode.window.showQuickPick));
      await peer.rpush('l', 'a', 'b');
    });

    /** Writes a file that holds the list as DUMP gives it, sealed with this key, and takes the list away. */
    async function fileSealedWith(key: Buffer | undefined): Promise<void> {
      const bytes = await peer.dumpBuffer('l');
      const head = { key: Buffer.from('l'), type: 'dump' } as const;
      let text = linesFormat.header('redis');
      for await (const piece of linesFormat.key(head, sealed(partsOf({ kind: 'dump', bytes }), key)))
        text += piece;
      writeFileSync(path(), text + linesFormat.footer(1, 0));
      await peer.del('l');
    }

    it('leave it out unless the person says so for this file, and tell the server and what is known against it', async () => {
      const all = await nodes();
      agree();
      await fileSealedWith(undefined);
      await window.run('cachify.keys.import', all.place);
      assert.equal(await peer.exists('l'), 0);
      const { identity } = await all.connection.provider(0);
      const name = identity.product === 'valkey' ? 'Valkey' : 'Redis';
      assert.match(
        told[0] ?? '',
        /^1 value in this file is serialised, and not by an export of this installation$/,
      );
      assert.equal(told[1], `They would go to ${name} ${identity.version}`);
      const holes = restoreHoles(identity) ?? [];
      for (const hole of holes) assert.ok(offered[1]?.detail?.includes(hole.name), hole.name);
      assert.equal(/^Nothing is known to us/.test(offered[1]?.detail ?? ''), holes.length === 0);
      takes = true;
      await window.run('cachify.keys.import', all.place);
      assert.deepEqual(await peer.lrange('l', 0, -1), ['a', 'b']);
    });

    it('ask again when the import is run again, of the same file too', async () => {
      const all = await nodes();
      agree();
      await fileSealedWith(Buffer.alloc(32, 1));
      takes = true;
      await window.run('cachify.keys.import', all.place);
      assert.equal(told.length, 2);
      await peer.del('l');
      takes = false;
      await window.run('cachify.keys.import', all.place);
      assert.deepEqual([told.length, await peer.exists('l')], [4, 0]);
    });

    it('take one of this installation without a word', async () => {
      const all = await nodes();
      agree();
      await fileSealedWith(await window.app.sealKey());
      await window.run('cachify.keys.import', all.place);
      assert.deepEqual(await peer.lrange('l', 0, -1), ['a', 'b']);
      assert.deepEqual(told, []);
    });
  });

  it('neither throw nor write when called with garbage or dismissed', async () => {
    await nodes();
    window.person.answers = 'dismiss';
    const ids = [
      'cachify.keys.export', 'cachify.keys.import', 'cachify.key.copyTo', 'cachify.key.saveValue', 'cachify.key.loadValue',
      'cachify.key.newFromFile', 'cachify.key.copyValue',
    ] as const; // prettier-ignore
    const before = await peer.dbsize();
    for (const id of ids)
      for (const node of [undefined, null, 42, {}, { kind: 'key' }, { kind: 'folder', place: {} }])
        await window.run(id, node);
    assert.deepEqual([await peer.dbsize(), readdirSync(folder)], [before, []]);
  });
});
