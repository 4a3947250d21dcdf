import { strict as assert } from 'node:assert';
import type { FrameLocator, Locator } from 'playwright-core';
import { CachifyView } from '../../helpers/cachifyView';
import { eventually } from '../../helpers/eventually';
import { serverStoreFolder, withStore } from '../../helpers/extensionStore';
import { type Journey, editorMs, startJourney } from './journey';

describe('a person who leaves a form half filled in', function () {
  this.timeout(editorMs);
  let journey: Journey;
  let view: CachifyView;
  before(async () => {
    journey = await startJourney({ profiles: [{ name: 'Shop' }] });
    ({ view } = journey);
  });
  after(() => journey.stop());

  const tab = (title: string): Locator => view.window.page.locator('.tab').filter({ hasText: title });
  const field = (form: FrameLocator, name: string): Locator =>
    form.getByRole('textbox', { name, exact: true });
  const days = (page: FrameLocator): Locator =>
    page.getByRole('group', { name: 'Policy of Timeline' }).getByRole('textbox', { name: 'Days' });

  /** Waits until a field holds this text: what a page kept is there once it has read what it is about. */
  async function holds(typed: Locator, text: string): Promise<void> {
    await typed.waitFor();
    await eventually(`a field holds ${text}`, async () => (await typed.inputValue()) === text || undefined);
  }
  /** Whether what the editor would read after a reload holds this: it writes that down now and then. */
  async function isWrittenDown(text: RegExp): Promise<true | undefined> {
    const databases = await view.window.page.evaluate(async () => {
      const done = <T>(request: IDBRequest<T>): Promise<T> =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(new Error('The storage of the editor cannot be read'));
        });
      const texts: string[] = [];
      for (const { name } of await indexedDB.databases()) {
        if (!name?.startsWith('vscode-web-state-db')) continue;
        const database = await done(indexedDB.open(name));
        for (const store of database.objectStoreNames)
          texts.push(JSON.stringify(await done(database.transaction(store).objectStore(store).getAll())));
        database.close();
      }
      return texts;
    });
    return databases.some((each) => text.test(each)) || undefined;
  }
  async function connectionForm(): Promise<FrameLocator> {
    await tab('Edit Shop').click();
    return view.editor('Edit Shop');
  }
  async function governance(): Promise<FrameLocator> {
    await tab('Governance').click();
    return view.window.webview('Governance');
  }

  it('finds it as it was after another tab was in front: a connection, and a policy', async () => {
    await view.menu(view.connection('Shop'), 'Edit connection…');
    const form = await view.editor('Edit Shop');
    await field(form, 'Name').fill('Shop of tomorrow');
    await field(form, 'Host').fill('10.0.0.7');
    await view.window.command('Open Governance');
    const page = await view.window.webview('Governance');
    await page.getByRole('button', { name: 'Edit policy of Timeline' }).click();
    await days(page).fill('45');

    const again = await connectionForm();
    await holds(field(again, 'Name'), 'Shop of tomorrow');
    await holds(field(again, 'Host'), '10.0.0.7');
    await holds(days(await governance()), '45');
  });

  it('finds it as it was after the window was loaded anew, and it is of the same connection', async () => {
    const { page } = view.window;
    for (const text of [/Shop of tomorrow/, /10\.0\.0\.7/, /retentionDays[\\":]+45/])
      await eventually(`the editor keeps ${String(text)}`, () => isWrittenDown(text));
    await page.reload();
    await page.locator('.statusbar [id="status.host"]').waitFor();
    view = await CachifyView.show(view.window);

    const form = await connectionForm();
    await holds(field(form, 'Name'), 'Shop of tomorrow');
    await holds(field(form, 'Host'), '10.0.0.7');
    await holds(days(await governance()), '45');
    await view.window.screenshot('journey-kept-policy');
    assert.equal(await tab('New Connection').count(), 0);
  });

  it('saves it, and it is what was typed', async () => {
    const page = await governance();
    await page.getByRole('button', { name: 'Save policy' }).click();
    await days(page).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Edit policy of Timeline' }).click();
    await holds(days(page), '45');
    await (await connectionForm()).getByRole('button', { name: 'Save', exact: true }).click();
    await view.connection('Shop of tomorrow').waitFor();
    const folder = serverStoreFolder(journey.editor.server.dataDir);
    const profiles = await withStore(folder, (store) => store.profiles.list());
    assert.deepEqual(
      profiles.map(({ id, name }) => [id, name]),
      [['profile-0', 'Shop of tomorrow']],
    );
  });
});
