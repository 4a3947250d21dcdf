import { strict as assert } from 'node:assert';
import type { Locator } from 'playwright-core';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CachifyView } from '../../helpers/cachifyView';
import { stateHolds } from '../../helpers/editorState';
import { eventually } from '../../helpers/eventually';
import { insist } from '../../helpers/insist';
import { type Journey, editorMs, startJourney } from './journey';

/** Longest wait for the text of an opened file to take the keys, milliseconds. */
const focusMs = 3000;

describe('unsaved changes of a value', function () {
  this.timeout(editorMs);
  let journey: Journey;
  let view: CachifyView;
  const folder = mkdtempSync(join(tmpdir(), 'cachify-unsaved-'));
  const place = (): Locator => view.place('database 0', 'Shop');
  const page = () => journey.view.window.page;
  const tab = (key: string): Locator =>
    page()
      .locator('.tab')
      .filter({ hasText: `${key} · DEV` });
  const dirtyTab = (key: string): Locator => tab(key).and(page().locator('.dirty'));
  const cleanTab = (key: string): Locator => tab(key).and(page().locator(':not(.dirty)'));

  before(async () => {
    writeFileSync(join(folder, 'note.txt'), '');
    journey = await startJourney({
      profiles: [{ name: 'Shop' }],
      folder,
      settings: { 'files.autoSave': 'afterDelay', 'files.autoSaveDelay': 500 },
    });
    ({ view } = journey);
    await view.connect('Shop');
  });

  // what one test leaves in front is nothing to the next
  beforeEach(() => journey.view.window.openView('Cachify'));

  after(async () => {
    await journey.stop();
    rmSync(folder, { recursive: true });
  });

  async function close(key: string): Promise<void> {
    await tab(key).click();
    await tab(key).locator('.tab-actions .action-label').first().click();
  }

  /** Types into a file of the folder and waits until the editor has saved it by itself. */
  async function autoSaved(): Promise<void> {
    const { window } = journey.view;
    await window.openView('Explorer');
    const note = page().getByRole('treeitem', { name: /note\.txt/ });
    // a tab is there before its text takes the keys
    await insist(
      () => note.dblclick({ timeout: 2000 }),
      () => page().locator('.editor-instance .monaco-editor.focused').waitFor({ timeout: focusMs }),
    );
    await page().keyboard.type('typed later');
    await eventually('the note is saved', () =>
      Promise.resolve(readFileSync(join(folder, 'note.txt'), 'utf8').includes('typed later') || undefined),
    );
    await CachifyView.show(window);
  }

  /** Loads the window anew, once the editor has its backups. */
  async function reload(): Promise<void> {
    await page().reload();
    await page().locator('.statusbar [id="status.host"]').waitFor();
    view = await CachifyView.show(journey.view.window);
    await view.connect('Shop');
  }

  /** The name of the backup on the disk that holds this text. */
  function backupOf(text: string): string | undefined {
    const storage = join(journey.editor.server.dataDir, 'data/User/workspaceStorage');
    if (!existsSync(storage)) return undefined;
    const entries = readdirSync(storage, { recursive: true, withFileTypes: true });
    const backups = entries.filter((each) => each.isFile() && each.parentPath.includes('cachify'));
    return backups.find((each) => readFileSync(join(each.parentPath, each.name)).includes(text))?.name;
  }

  it('give the tab its dot, and closing asks; cancel keeps them', async () => {
    await journey.client.set('asked', 'before');
    const value = await view.openByName(place(), 'asked');
    await value.write('typed');
    await dirtyTab('asked').waitFor();
    await journey.view.window.screenshot('journey-dirty');
    await close('asked');
    await journey.view.window.dialog().getByText('Do you want to save the changes').waitFor();
    await journey.view.window.screenshot('journey-close-question');
    await journey.view.window.dialogButton('Cancel').click();
    await journey.view.window.dialog().waitFor({ state: 'hidden' });
    await dirtyTab('asked').waitFor();
    await value.shows('typed');
  });

  it('are saved by the question on close, as the page would', async () => {
    await close('asked');
    // asked again, the editor has done all it does after Cancel
    await journey.view.window.dialog().getByText('Do you want to save the changes').waitFor();
    assert.equal(await journey.client.get('asked'), 'before');
    await journey.view.window.dialogButton(/^Save$/).click();
    await tab('asked').waitFor({ state: 'detached' });
    assert.equal(await journey.client.get('asked'), 'typed');
  });

  it('are given up by the question on close', async () => {
    const value = await view.openByName(place(), 'asked');
    await value.write('never');
    await dirtyTab('asked').waitFor();
    await close('asked');
    await journey.view.window.dialogButton(/Don.t Save/).click();
    await tab('asked').waitFor({ state: 'detached' });
    const again = await view.openByName(place(), 'asked');
    await again.shows('typed');
    await again.close();
  });

  it('take the dot along when the page saves them, and none is saved by itself', async () => {
    const value = await view.openByName(place(), 'asked');
    await value.write('by hand');
    await dirtyTab('asked').waitFor();
    await autoSaved();
    assert.equal(await journey.client.get('asked'), 'typed');
    await tab('asked').click();
    await value.save();
    await cleanTab('asked').waitFor();
    assert.equal(await journey.client.get('asked'), 'by hand');
    await value.close();
  });

  it('are undone and redone by the editor', async () => {
    await journey.client.set('undone', 'one');
    const value = await view.openByName(place(), 'undone');
    await value.write('two');
    await dirtyTab('undone').waitFor();
    await value.text().press('Control+z');
    await cleanTab('undone').waitFor();
    await value.shows('one');
    await value.text().press('Control+Shift+z');
    await dirtyTab('undone').waitFor();
    await value.shows('two');
    await view.window.command('File: Revert File');
    await cleanTab('undone').waitFor();
    await value.shows('one');
    await value.close();
  });

  it('are saved in tabs that are hidden by Save All', async () => {
    await journey.client.mset('hidden:a', 'a', 'hidden:b', 'b');
    for (const key of ['hidden:a', 'hidden:b']) {
      const value = await view.openByName(place(), key);
      await value.write(`${key} saved`);
      await dirtyTab(key).waitFor();
    }
    await view.window.command('File: Save All');
    for (const key of ['hidden:a', 'hidden:b']) await cleanTab(key).waitFor();
    assert.deepEqual(await journey.client.mget('hidden:a', 'hidden:b'), ['hidden:a saved', 'hidden:b saved']);
    for (const key of ['hidden:a', 'hidden:b']) await close(key);
  });

  it('stay, with their tab, when the editor saves and someone else was faster', async () => {
    await journey.client.set('raced', 'first');
    const value = await view.openByName(place(), 'raced');
    await value.write('mine');
    await dirtyTab('raced').waitFor();
    await journey.client.set('raced', 'theirs');
    await view.window.command('File: Save All');
    await view.window.dialog().getByText('raced was changed on the server after you read it').waitFor();
    await view.window.screenshot('journey-save-refused');
    await view.window.dialogButton('OK').click();
    await value.frame.locator('.conflict-panel').waitFor();
    await dirtyTab('raced').waitFor();
    assert.equal(await journey.client.get('raced'), 'theirs');
    await value.button('Take theirs').click();
    await cleanTab('raced').waitFor();
    await value.close();
  });

  it('come back with a window that is loaded anew, and are still compared with what was seen', async () => {
    await journey.client.mset('kept', 'first', 'looked-at', 'only read');
    await (await view.openByName(place(), 'looked-at')).isLoaded();
    const typed = await view.openByName(place(), 'kept');
    await typed.write('typed before');
    await dirtyTab('kept').waitFor();
    await stateHolds(page(), await eventually('a backup', () => backupOf('typed before')));
    await reload();
    const value = await view.value('kept');
    await dirtyTab('kept').waitFor();
    await value.shows('typed before');
    await journey.client.set('kept', 'meanwhile');
    await value.pressSave();
    await value.frame.locator('.conflict-panel').waitFor();
    await value.button('Overwrite theirs').click();
    await cleanTab('kept').waitFor();
    assert.equal(await journey.client.get('kept'), 'typed before');
    await tab('looked-at').click();
    const read = await view.value('looked-at');
    await read.shows('only read');
    await view.openByName(place(), 'looked-at');
    assert.equal(await tab('looked-at').count(), 1);
  });
});
