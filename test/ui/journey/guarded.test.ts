import { strict as assert } from 'node:assert';
import { type Journey, editorMs, startJourney } from './journey';

/** Commands of a context menu that change something on the server. */
const writes = ['New key…', 'Rename key…', 'Duplicate key…', 'Set time to live…', 'Delete key…'];

describe('a person who must not write', function () {
  this.timeout(editorMs);
  let journey: Journey;

  before(async () => {
    journey = await startJourney({ profiles: [{ name: 'Frozen', readOnly: true }] });
    await journey.client.mset('kept', 'as it is', 'also', 'kept');
    await journey.view.connect('Frozen');
    await journey.view.expand(journey.view.place('database 0', 'Frozen'));
    await journey.view.key('kept').waitFor();
  });

  after(() => journey.stop());

  it('finds no action that writes on a read-only connection', async () => {
    const { view } = journey;
    for (const item of [view.key('kept'), view.place('database 0', 'Frozen')]) {
      const offered = await menuOf(journey, item);
      assert.deepEqual(
        offered.filter((title) => writes.some((write) => title.startsWith(write))),
        [],
      );
    }
  });

  it('sees why a value cannot be edited', async () => {
    const { view } = journey;
    const value = await view.open('kept');
    await value.frame.locator('.notices', { hasText: 'read-only' }).waitFor();
    assert.equal(await value.text().getAttribute('readonly'), '');
    assert.equal(await value.button('Delete key').getAttribute('disabled'), '');
    await view.window.screenshot('journey-read-only');
  });

  it('is refused when the palette runs a command that writes', async () => {
    const { view, client } = journey;
    await view.open('kept');
    await view.run('Delete key…');
    await view.window.told(/read-only/);
    assert.equal(await client.get('kept'), 'as it is');
  });
});

describe('a person in a workspace that is not trusted', function () {
  this.timeout(editorMs);
  let journey: Journey;

  before(async () => {
    journey = await startJourney({ trust: true, profiles: [{ name: 'Shop' }] });
    await journey.client.set('kept', 'as it is');
  });

  after(() => journey.stop());

  it('sees the connections, and nothing connects by itself', async () => {
    const { view, client } = journey;
    await view.connection('Shop').filter({ hasText: 'read-only' }).waitFor();
    assert.match(await connectedClients(), /^1$/, 'our own client only');
    await view.expand(view.connection('Shop'));
    await view.note('Not connected — click to connect').waitFor();
    assert.match(await connectedClients(), /^1$/, 'our own client only');

    async function connectedClients(): Promise<string> {
      return /connected_clients:(\d+)/.exec(await client.info('clients'))?.[1] ?? '';
    }
  });

  it('reads, and is refused to write with the reason', async () => {
    const { view, client } = journey;
    await view.connect('Shop');
    await view.expand(view.place('database 0', 'Shop'));
    const value = await view.open('kept');
    await value.shows('as it is');
    await value.frame.locator('.notices', { hasText: 'trust' }).waitFor();
    await view.window.screenshot('journey-restricted');
    await view.run('Delete key…');
    await view.window.told(/[Tt]rust/);
    assert.equal(await client.get('kept'), 'as it is');
  });
});

/** Titles of the context menu of an item; the menu is closed again. */
async function menuOf({ view }: Journey, item: ReturnType<Journey['view']['key']>): Promise<string[]> {
  const { page } = view.window;
  await item.click({ button: 'right' });
  const entries = page.locator('.monaco-menu').getByRole('menuitem');
  await entries.first().waitFor();
  const titles = await entries.allInnerTexts();
  await page.keyboard.press('Escape');
  await entries.first().waitFor({ state: 'hidden' });
  return titles.map((title) => title.trim());
}
