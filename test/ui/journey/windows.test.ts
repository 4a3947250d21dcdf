import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseOwner, ownerFileName } from '../../../src/providers/store/ownerFile';
import { CachifyView } from '../../helpers/cachifyView';
import { insist } from '../../helpers/insist';
import { serverStoreFolder, withStore } from '../../helpers/extensionStore';
import { type Journey, editorMs, startJourney } from './journey';

/** Longest time in which a change of one window may show in another, milliseconds: far above what it takes. */
const followMs = 5000;

for (const count of [2, 5]) {
  describe(`${count} windows on one editor`, function () {
    this.timeout(editorMs * 2);
    let journey: Journey;
    let views: CachifyView[];

    before(async () => {
      journey = await startJourney({ profiles: [{ name: 'Shop' }] });
      views = [journey.view];
      while (views.length < count) views.push(await CachifyView.show(await journey.editor.openWindow()));
      for (const view of views) await view.connection('Shop').waitFor();
    });

    after(() => journey.stop());

    function ownerPid(): number {
      const text = readFileSync(
        join(serverStoreFolder(journey.editor.server.dataDir), ownerFileName),
        'utf8',
      );
      const owner = parseOwner(text);
      assert.ok(owner, 'some window owns the store');
      return owner.pid;
    }

    it('show at once what one of them adds, renames and deletes', async () => {
      const last = views.at(-1)!;
      await last.menu(last.connection('Shop'), 'Duplicate connection');
      for (const view of views) await view.connection('Shop copy').waitFor({ timeout: followMs });
      const [first] = views;
      await first!.menu(first!.connection('Shop copy'), 'Delete connection…');
      await first!.window.dialogButton('Delete Connection').click();
      for (const view of views)
        await view.connection('Shop copy').waitFor({ state: 'hidden', timeout: followMs });
    });

    it('keep one history, in which every window finds what all of them did', async () => {
      await Promise.all(views.map((view) => view.connect('Shop')));
      for (const [which, view] of views.entries()) {
        await journey.client.set(`key-${which}`, 'before');
        const value = await view.openByName(view.place('database 0', 'Shop'), `key-${which}`);
        await value.write(`after-${which}`);
        await value.save();
      }
      for (const view of views) {
        for (const which of views.keys()) await findInHistory(view, `key-${which}`);
        await view.window.page.keyboard.press('Escape');
      }
    });

    it('show at once what one of them pins and unpins, in lists that are open too', async () => {
      const [first, last] = [views[0]!, views.at(-1)!];
      await first.run('Open governance');
      const page = await first.window.webview('Governance');
      await page.getByText('Nothing is held.').waitFor();
      await findInHistory(last, 'key-0');
      await last.window.quickItem('value.save  key-0').hover();
      await last.window.quickItem('value.save  key-0').locator('.action-label').click();
      await last.window.quickItem('pinned').waitFor();
      await page.getByRole('button', { name: /^Unpin/ }).click({ timeout: followMs });
      await page.getByText('Nothing is held.').waitFor({ timeout: followMs });
      await last.window.quickItem('pinned').waitFor({ state: 'hidden', timeout: followMs });
      await last.window.page.keyboard.press('Escape');
    });

    it('go on when the extension host of the owner is killed, and lose nothing', async () => {
      const killed = ownerPid();
      process.kill(killed, 'SIGKILL');
      const { dataDir } = journey.editor.server;
      // A person is at work in a window whose extension host lives; which one that is shows in who can still save.
      const survivor = await survivorOf(views);
      await survivor.menu(survivor.connection('Shop'), 'Duplicate connection');
      await survivor.connection('Shop copy').waitFor({ timeout: followMs });
      assert.notEqual(ownerPid(), killed);
      await withStore(serverStoreFolder(dataDir), async (store) => {
        const names = (await store.profiles.list()).map(({ name }) => name);
        assert.deepEqual(names.sort(), ['Shop', 'Shop copy']);
        const saved = (await store.history.list({ limit: 1000 }))
          .filter(({ action }) => action === 'value.save')
          .map(({ keyOrPattern }) => keyOrPattern);
        assert.deepEqual(saved.sort(), [...views.keys()].map((which) => `key-${which}`)); // prettier-ignore
      });
    });
  });
}

/** Finds the save of a key in the list of the history, which closes when something else takes the focus. */
async function findInHistory({ window }: CachifyView, key: string): Promise<void> {
  await insist(
    async () => {
      if (!(await window.quickInput().isVisible())) await window.command('Cachify Studio: Show history…');
      await window.quickInput().fill(key, { timeout: followMs });
    },
    () => window.quickItem(`value.save  ${key}`).waitFor({ timeout: followMs }),
  );
}

/** The view of a window whose extension host was not the one that was killed: the editor says so in the others. */
async function survivorOf(views: readonly CachifyView[]): Promise<CachifyView> {
  for (const view of views) {
    const told = view.window.page
      .locator('.notifications-toasts, .monaco-dialog-box')
      .getByText(/extension host/i);
    const isDead = await told
      .first()
      .waitFor({ timeout: followMs })
      .then(() => true)
      .catch(() => false);
    if (!isDead) return view;
  }
  throw new Error('No window survived');
}
