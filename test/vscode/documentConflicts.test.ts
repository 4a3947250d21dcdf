import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { eventually } from '../helpers/eventually';
import { comparison, useDocuments } from './useDocuments';

describe('a conflict of a document', () => {
  const documents = useDocuments();
  const { open, replaceAll } = documents;

  /** What the editor puts beside the text, asked for as its own notification of a conflict does. */
  async function diffOfConflict(document: vscode.TextDocument): Promise<string> {
    await vscode.commands.executeCommand('notification.acceptPrimaryAction');
    const sides = await comparison();
    assert.equal(sides.modified.toString(), document.uri.toString());
    return (await vscode.workspace.openTextDocument(sides.original)).getText();
  }

  /** Chooses the editor's own text, as the button beside the two sides does. */
  async function overwrite({ uri }: vscode.TextDocument): Promise<void> {
    await vscode.commands.executeCommand('workbench.files.action.acceptLocalChanges', uri);
  }

  it('is told by the editor alone, whatever the sizes', async () => {
    await documents.peer.mset('shared', 'first', 'same size', 'first');
    for (const key of ['shared', 'same size']) {
      const document = await open(key);
      await replaceAll(document, 'mine');
      await documents.peer.set(key, key === 'shared' ? 'other thing' : 'other');
      assert.equal(await document.save(), false);
      assert.ok(document.isDirty);
      assert.deepEqual(await diffOfConflict(document), key === 'shared' ? 'other thing' : 'other');
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      await vscode.commands.executeCommand('workbench.action.files.revert');
    }
    assert.deepEqual(documents.window.said, []);
    assert.deepEqual(documents.window.asked, []);
  });

  const inTheWay = {
    'another text': Buffer.from('other'),
    'a text of the same size': Buffer.from('farst'),
    'mixed line ends': Buffer.from('a\r\nb\n'),
    'a byte order mark': Buffer.from('\ufeffa'),
    'bytes that are no UTF-8': Buffer.of(0x41, 0xff, 0x42),
    'zero bytes': Buffer.of(0x41, 0, 0x42),
  };
  for (const [what, theirs] of Object.entries(inTheWay))
    it(`G23: ends with the text saved over ${what} when that is chosen`, async () => {
      await documents.peer.set('taken', 'first', 'EX', 5000);
      const document = await open('taken');
      await replaceAll(document, 'mine');
      await documents.peer.set('taken', theirs, 'KEEPTTL');
      assert.equal(await document.save(), false);
      await diffOfConflict(document);
      assert.deepEqual(await documents.peer.getBuffer('taken'), theirs);
      await overwrite(document);
      await eventually('the document is saved', () => !document.isDirty || undefined);
      assert.equal(await documents.peer.get('taken'), 'mine');
      assert.ok((await documents.peer.ttl('taken')) > 4000, 'the time to live is kept');
      await replaceAll(document, 'and on');
      assert.ok(await document.save());
      assert.equal(await documents.peer.get('taken'), 'and on');
    });

  it('is met by a text that came back with the window, and it can be saved all the same', async () => {
    await documents.peer.set('kept', 'first');
    const document = await open('kept');
    await replaceAll(document, 'mine');
    documents.forget();
    assert.equal(await document.save(), false);
    assert.equal(await diffOfConflict(document), 'first');
    await overwrite(document);
    await eventually('the document is saved', () => !document.isDirty || undefined);
    assert.equal(await documents.peer.get('kept'), 'mine');
  });

  it('is none where someone else made the very same change', async () => {
    await documents.peer.set('same', 'first');
    const document = await open('same');
    await replaceAll(document, 'second');
    await documents.peer.set('same', 'second');
    assert.ok(await document.save());
    assert.equal(await documents.peer.get('same'), 'second');
  });

  it('is none where the connection became read-only meanwhile: the gate refuses in its own words', async () => {
    await documents.peer.set('locked', 'first');
    const document = await open('locked');
    await replaceAll(document, 'mine');
    const { app } = documents.window;
    await app.profiles.save({ ...app.connections.get('test-connection').profile, readOnly: true });
    await app.connections.reload();
    await app.connections.get('test-connection').connect();
    assert.equal(await document.save(), false);
    await app.recorder.settled();
    const [event] = await app.history.list({ limit: 1 });
    assert.deepEqual([event?.action, event?.status], ['value.save', 'blocked']);
    assert.equal(document.getText(), 'mine');
    assert.equal(await documents.peer.get('locked'), 'first');
  });

  it('never ends with a text saved over what nobody was told of', async () => {
    await documents.peer.set('moving', 'first');
    const document = await open('moving');
    await replaceAll(document, 'mine');
    await documents.peer.set('moving', 'second');
    assert.equal(await document.save(), false);
    await diffOfConflict(document);
    await documents.peer.set('moving', 'third');
    await overwrite(document);
    assert.equal(await documents.peer.get('moving'), 'third');
    assert.ok(document.isDirty);
    assert.equal(document.getText(), 'mine');
  });

  it('with more than 1 MiB leaves the text as it was typed, says what to do, and can be ended by reverting', async () => {
    await documents.peer.set('grown', 'first');
    const document = await open('grown');
    await replaceAll(document, 'mine');
    await documents.peer.set('grown', 'x'.repeat(1024 * 1024 + 1));
    assert.equal(await document.save(), false);
    assert.match(await diffOfConflict(document), /^x{65536}$/);
    await assert.rejects(
      async () => vscode.workspace.fs.writeFile(document.uri, Buffer.from('mine')),
      /above 1 MiB cannot be edited. Nothing was saved.*Save As/,
    );
    assert.equal(document.getText(), 'mine');
    assert.equal(await documents.peer.strlen('grown'), 1024 * 1024 + 1);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await eventually(
      'the text of the server is there',
      () => document.getText().startsWith('x') || undefined,
    );
    assert.equal(document.isDirty, false);
  });

  it('that ends by reverting to what an editor would spoil leaves a read-only document', async () => {
    await documents.peer.set('marked', 'first');
    const document = await open('marked');
    await replaceAll(document, 'mine');
    await documents.peer.set('marked', '\ufefftheirs');
    assert.equal(await document.save(), false);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await eventually('nothing can be typed', async () => {
      await vscode.commands.executeCommand('default:type', { text: 'z' });
      const typed = document.isDirty;
      if (typed) await vscode.commands.executeCommand('workbench.action.files.revert');
      return !typed || undefined;
    });
    assert.equal(await documents.peer.get('marked'), '\ufefftheirs');
  });
});
