import { strict as assert } from 'node:assert';
import { type Journey, editorMs, startJourney } from './journey';
import { filesWith, pageHolds } from './secretSearch';

const password = 'Pa55-that-must-stay-secret';

describe('a person who adds a connection', function () {
  this.timeout(editorMs);
  let journey: Journey;

  before(async () => {
    journey = await startJourney({ password });
  });

  after(() => journey.stop());

  it('is welcomed where there is no connection yet', async () => {
    const { window } = journey.view;
    const welcome = window.page.locator('.welcome-view-content');
    await welcome.getByText('Browse and edit Redis, Valkey and Memcached.').waitFor();
    await window.screenshot('journey-welcome');
    await welcome.getByRole('button', { name: 'Add Connection' }).click();
    await window.quickItem('Redis or Valkey').waitFor();
    await window.page.keyboard.press('Escape');
    await welcome.waitFor();
  });

  it('goes back in the questions and finds the answers given before', async () => {
    const { view, port } = journey;
    const { window } = view;
    const back = window.page.locator('.quick-input-widget').getByRole('button', { name: 'Back' });
    await view.run('Add connection…');
    await window.pick('Redis or Valkey');
    await view.answer('host:port', `127.0.0.1:${port}`);
    await window.pick('No authentication');
    await window.quickItem('No TLS').waitFor();
    await back.click();
    await window.quickItem('No authentication').waitFor();
    await back.click();
    await view.question('host:port').waitFor();
    assert.equal(await window.quickInput().inputValue(), `127.0.0.1:${port}`);
    await back.click();
    await window.quickItem('Paste a URL').waitFor();
    await window.page.keyboard.press('Escape');
    await window.page.locator('.welcome-view-content').waitFor();
  });

  it('is told clearly about a wrong password, and can delete the connection again', async () => {
    const { view, port } = journey;
    await addByUrl(`redis://:not-the-password@127.0.0.1:${port}/0`, 'PROD', 'Wrong');
    await view.window.told(/Wrong: .*password/);
    await view.window.screenshot('journey-wrong-password');
    await view.menu(view.connection('Wrong'), 'Delete connection…');
    await view.window.dialog().getByText('Delete the connection Wrong?').waitFor();
    await view.window.dialogButton('Delete Connection').click();
    await view.connection('Wrong').waitFor({ state: 'hidden' });
  });

  it('pastes a URL with a password, is connected, and the password is in no file and on no page', async () => {
    const { view, port, client, editor } = journey;
    await client.set('session:1', 'value');
    await addByUrl(`redis://:${password}@127.0.0.1:${port}/0`, 'DEV', 'Pasted');
    await view.expand(view.connection('Pasted'));
    await view.expand(view.place('database 0', 'Pasted'));
    await view.expand(view.folder('session:'));
    await view.key('session:1').waitFor();
    await view.menu(view.connection('Pasted'), 'Edit connection…');
    await view.editor('Edit Pasted');
    assert.deepEqual(await filesWith(editor.server.dataDir, password), []);
    assert.equal(await pageHolds(view.window.page, password), false);
    assert.ok(!view.window.consoleLines.some((line) => line.includes(password)));
  });

  /** The quick way: URL, what to do with its password, environment, name. */
  async function addByUrl(url: string, environment: string, name: string): Promise<void> {
    const { window } = journey.view;
    await journey.view.run('Add connection…');
    await window.pick('Paste a URL');
    await journey.view.answer('Paste the URL', url);
    await window.pick('Save the password');
    await window.pick(new RegExp(environment)); // in capitals: STAGING is for tests before production
    await journey.view.answer('Name of the connection', name);
    await journey.view.connection(name).waitFor();
  }
});
