import { strict as assert } from 'node:assert';
import { CachifyView } from '../../helpers/cachifyView';
import { EditorWindow } from '../../helpers/editorWindow';
import { type Journey, editorMs, startJourney } from './journey';

describe('a person who comes back', function () {
  this.timeout(editorMs);
  let journey: Journey;

  before(async () => {
    journey = await startJourney({ profiles: [{ name: 'Shop', tags: ['shop'] }] });
    await journey.client.set('first', '1');
  });

  after(() => journey.stop());

  it('finds in the history what was done, and opens an event', async () => {
    const { view } = journey;
    const { window } = view;
    await view.connect('Shop');
    const value = await view.openByName(view.place('database 0', 'Shop'), 'first');
    await value.write('2');
    await value.save();
    await view.run('Show history…');
    for (const action of ['value.save  first', 'value.read  first', 'connection.connect'])
      await window.quickItem(action).waitFor();
    await window.screenshot('journey-history');
    await window.pick('value.save  first');
    await window.page.locator('.tab.active', { hasText: 'value.save.json' }).waitFor();
    const text = window.page.locator('.editor-instance .view-lines');
    await text.filter({ hasText: '"success"' }).waitFor();
  });

  it('duplicates a connection, and deletes the copy alone', async () => {
    const { view, client } = journey;
    await view.menu(view.connection('Shop'), 'Duplicate connection');
    await view.connection('Shop copy').waitFor();
    await view.menu(view.connection('Shop copy'), 'Delete connection…');
    await view.window.dialog().getByText('Nothing is changed on 127.0.0.1').waitFor();
    await view.window.dialogButton('Delete Connection').click();
    await view.connection('Shop copy').waitFor({ state: 'hidden' });
    await view.connection('Shop').waitFor();
    assert.equal(await client.exists('first'), 1);
  });

  it('edits a connection in the editor, tests it there and sees the report', async () => {
    const { view } = journey;
    await view.menu(view.connection('Shop'), 'Edit connection…');
    const form = await view.editor('Edit Shop');
    await form.locator('vscode-button', { hasText: 'Test' }).click();
    await form.getByText(/Connected to \w+ [\d.]+ in/).waitFor();
    await view.window.screenshot('journey-test-report');
    await form.getByRole('textbox', { name: 'Name', exact: true }).fill('Shop, renamed');
    await form.locator('vscode-button', { hasText: /^\s*Save\s*$/ }).click();
    await view.connection('Shop, renamed').waitFor();
  });

  it('finds everything again after the window was loaded anew', async () => {
    const { view, editor } = journey;
    const { page } = view.window;
    const folder = new URL(page.url()).searchParams.get('folder') ?? '';
    const again = await EditorWindow.open(page, editor.server, folder);
    const back = await CachifyView.show(again);
    await back.connection('Shop, renamed').waitFor();
    await back.connect('Shop, renamed');
    await back.expand(back.place('database 0', 'Shop, renamed'));
    await back.key('first').waitFor();
    await back.run('Show history…');
    // only what is in view is there to be found: the restored panel has been read meanwhile
    await again.quickInput().fill('value.save');
    await again.quickItem('value.save  first').waitFor();
    await page.keyboard.press('Escape');
  });
});
