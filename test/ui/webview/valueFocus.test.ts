import assert from 'node:assert/strict';
import type { Browser, Locator, Page } from 'playwright-core';
import { launchBrowser } from '../../helpers/browser';
import { eventually } from '../../helpers/eventually';
import { openValue } from './openPanels';
import { hashPage, snapshotOf } from './valueHost';
import { valueStates } from './valueStates';

describe('The value panel by keyboard', function () {
  this.timeout(20_000);
  let browser: Browser;
  let open: Awaited<ReturnType<typeof openValue>>;
  before(async () => (browser = await launchBrowser()));
  after(() => browser.close());
  afterEach(async () => {
    assert.deepEqual(open.complaints, [], 'the page complained');
    await open.close();
  });

  const start = async (state: string): Promise<Page> => {
    open = await openValue(browser, valueStates[state]!());
    return open.page;
  };
  const button = (name: string) => open.page.getByRole('button', { name, exact: true }).first();
  const field = (name: string) => open.page.getByRole('textbox', { name, exact: true });
  const isFocused = (place: Locator): Promise<true> =>
    eventually('the focus is there', async () =>
      (await place.evaluate(hasFocus)) ? (true as const) : undefined,
    );

  const forms: readonly (readonly [state: string, opener: string, first: string])[] = [
    ['hash', 'Edit TTL', 'Time'],
    ['stream', 'Trim…', 'Entries to keep'],
  ];
  for (const [state, opener, first] of forms) {
    it(`begins in the first field after ${opener}, and is back on the button after Escape`, async () => {
      const page = await start(state);
      await button(opener).press('Enter');
      await isFocused(field(first));
      await page.keyboard.press('Escape');
      await field(first).waitFor({ state: 'detached' });
      await isFocused(button(opener));
    });
  }

  const adding: readonly (readonly [state: string, opener: string, first: string])[] = [
    ['hash', 'Add field', 'Field name'],
    ['stream', 'Add entry', 'Entry id'],
  ];
  for (const [state, opener, first] of adding) {
    it(`begins in the first field after ${opener}, and is back on the button after Cancel`, async () => {
      await start(state);
      await button(opener).press('Enter');
      await isFocused(field(first));
      await button('Cancel').press('Enter');
      await field(first).waitFor({ state: 'detached' });
      await isFocused(button(opener));
    });
  }

  it('says why a button does nothing now', async () => {
    await start('gone');
    await open.page.getByTitle('This key does not exist').first().waitFor();
    await open.close();
    await start('hash');
    await open.page.getByTitle('Nothing has been changed').first().waitFor();
  });

  it('counts one as one', async () => {
    open = await openValue(browser, snapshotOf(hashPage({ a: '1' }), { length: 1 }));
    await open.page.getByText('1 field', { exact: true }).waitFor();
  });
});

function hasFocus(element: Element): boolean {
  const root = element.getRootNode();
  const within = root instanceof ShadowRoot ? root.activeElement : document.activeElement;
  return within === element;
}
