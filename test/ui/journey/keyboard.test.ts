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
    await runByKeys('Cachify Studio: Focus on Connections View');
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
    await press('ControlOrMeta+a');
    await page.keyboard.type('after');
    await press('Control+s');
    await value.unsaved().filter({ hasText: /^$/ }).waitFor({ state: 'attached' });
    assert.equal(await client.get('alpha'), 'after');
    await runByKeys('Cachify Studio: Focus on Connections View');
    await moveTo(/^key beta/);
    await pressUntil('Delete', view.window.dialog().getByText('Delete the key beta'));
    await press('Enter');
    await view.key('beta').waitFor({ state: 'hidden' });
    assert.equal(await client.exists('beta'), 0);
  });

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
