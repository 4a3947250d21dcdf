import { strict as assert } from 'node:assert';
import type { Locator, Page } from 'playwright-core';
import { insist } from '../../helpers/insist';
import { type Journey, editorMs, startJourney } from './journey';

describe('a person without a mouse', function () {
  this.timeout(editorMs);
  let journey: Journey;
  let page: Page;

  before(async () => {
    journey = await startJourney({ profiles: [{ name: 'Shop' }] });
    await journey.client.mset('alpha', 'before', 'beta', 'to be deleted');
    ({ page } = journey.view.window);
  });

  after(() => journey.stop());

  const press = (key: string) => page.keyboard.press(key);

  async function runByKeys(title: string): Promise<void> {
    await press('F1');
    await journey.view.window.quickInput().waitFor();
    await page.keyboard.type(title);
    await journey.view.window.quickItem(title).and(page.locator('.focused')).waitFor();
    await press('Enter');
  }

  it('connects, finds a key, edits and saves it, and deletes another', async () => {
    const { view, client } = journey;
    await enterTree();
    await moveTo(/^connection Shop/);
    await pressUntil('ArrowRight', view.note('Not connected'));
    await moveTo(/Not connected/);
    await pressUntil('Enter', view.place('database 0', 'Shop'));
    await moveTo(/^database 0/);
    await pressUntil('ArrowRight', view.key('beta'));
    await moveTo(/^key alpha/);
    await pressUntil('Enter', page.locator('.tab.active', { hasText: 'alpha · DEV' }));
    const value = await view.value('alpha');
    await tabInto(value.text());
    // Ctrl+A goes a long way through the workbench, and typing would overtake it
    await press('Home');
    await press('Shift+End');
    await page.keyboard.type('after');
    await value.isUnsaved();
    await press('Control+s');
    await value.isSaved();
    assert.equal(await client.get('alpha'), 'after');
    await enterTree();
    await moveTo(/^key beta/);
    // the menu acts on the item in focus; a key of its own would act on the selection, which may be another
    await pressUntil('Shift+F10', page.getByRole('menuitem', { name: 'Delete key…' }));
    const entry = page.getByRole('menuitem', { name: 'Delete key…' });
    for (let moves = 0; moves < 20 && !(await isFocused(entry)); moves++) await press('ArrowUp');
    await press('Enter');
    await view.window.dialog().getByText('Delete the key beta').waitFor();
    await press('Enter');
    await view.key('beta').waitFor({ state: 'hidden' });
    assert.equal(await client.exists('beta'), 0);
  });

  /** Moves the focus into the tree, again when a busy workbench took it elsewhere. */
  function enterTree(): Promise<void> {
    return insist(
      () => runByKeys('Cachify Studio: Focus on Cachify Studio View'),
      () => page.locator('.sidebar .monaco-list:focus').waitFor({ timeout: 3000 }),
    );
  }

  /** Presses a key, again when it had no effect. */
  function pressUntil(key: string, shown: Locator): Promise<void> {
    return insist(
      () => press(key),
      () => shown.waitFor({ timeout: 3000 }),
    );
  }

  /** Moves through the tree with the arrow keys until the item is in focus. */
  async function moveTo(name: RegExp): Promise<void> {
    const item = page.getByRole('treeitem', { name }).first();
    await item.waitFor();
    const focused = item.and(page.locator('.focused'));
    await press('Home');
    for (let moves = 0; moves < 20 && !(await focused.isVisible()); moves++) await press('ArrowDown');
    await focused.waitFor();
  }

  function isFocused(element: Locator): Promise<boolean> {
    return element.evaluate((node) => node.contains(node.ownerDocument.activeElement));
  }

  /** Presses Tab until the element has the focus. */
  async function tabInto(element: Locator): Promise<void> {
    await element.waitFor();
    for (let tabs = 0; tabs < 25; tabs++) {
      if (await element.evaluate((node) => node.ownerDocument.activeElement === node)) return;
      await press('Tab');
    }
    assert.fail('the text cannot be reached with Tab');
  }
});
