import { strict as assert } from 'node:assert';
import { type Journey, editorMs, startJourney } from './journey';

describe('a person who deletes', function () {
  this.timeout(editorMs);
  let journey: Journey;
  const place = () => journey.view.place('database 0', 'Shop');

  before(async () => {
    journey = await startJourney({ profiles: [{ name: 'Shop' }, { name: 'Live', environment: 'prod' }] });
    const { client, view } = journey;
    for (let i = 0; i < 30; i++) await client.set(`folder:${i}`, 'x');
    await client.mset('one', '1', 'two', '2', 'three', '3', 'four', '4', 'five', '5');
    await view.connect('Shop');
    await view.expand(place());
    await place().filter({ hasText: '35' }).waitFor();
    await view.key('two').waitFor();
  });

  after(() => journey.stop());

  it('is asked before one key goes, and a dismissed question deletes nothing', async () => {
    const { view, client } = journey;
    const ask = async (): Promise<void> => {
      await view.menu(view.key('one'), 'Delete key…');
      await view.window.dialog().getByText('Delete the key one on Shop (DEV').waitFor();
    };
    await ask();
    await view.window.screenshot('journey-delete-one');
    await view.window.dialogButton('Cancel').click();
    await view.window.dialog().waitFor({ state: 'hidden' });
    // asked again, the first command has ended
    await ask();
    assert.equal(await client.exists('one'), 1);
    await view.window.dialogButton('Delete Key').click();
    await view.key('one').waitFor({ state: 'hidden' });
    assert.equal(await client.exists('one'), 0);
  });

  it('deletes exactly the selected keys', async () => {
    const { view, client } = journey;
    await view.open('two');
    await view.key('three').click({ modifiers: ['ControlOrMeta'] });
    await view.menu(view.key('three'), 'Delete key…');
    const dialog = view.window.dialog();
    await dialog.getByText('Delete 2 keys on Shop').waitFor();
    for (const name of ['two', 'three']) await dialog.getByText(new RegExp(name)).first().waitFor();
    await view.window.dialogButton('Delete 2 Keys').click();
    await view.window.told('2 deleted');
    await place().filter({ hasText: '32' }).waitFor();
    assert.deepEqual(await client.mget('two', 'three', 'four'), [null, null, '4']);
  });

  it('deletes a folder after being told the exact count, and nothing beside it', async () => {
    const { view, client } = journey;
    await view.menu(view.folder('folder:'), 'Delete all keys in folder…');
    await view.window.dialog().getByText('Delete 30 keys that start with folder: on Shop').waitFor();
    await view.window.screenshot('journey-delete-folder');
    await view.window.dialogButton('Delete 30 Keys').click();
    await view.window.told('30 deleted');
    await view.folder('folder:').waitFor({ state: 'hidden' });
    assert.deepEqual((await client.keys('*')).sort(), ['five', 'four']);
  });

  it('must type the name of a production connection', async () => {
    const { view, client } = journey;
    await view.collapse(view.connection('Shop'));
    await view.connect('Live');
    await view.expand(view.place('database 0', 'Live'));
    await view.key('four').waitFor();
    const ask = async (): Promise<void> => {
      await view.menu(view.key('four'), 'Delete key…');
      await view.window.dialogButton('Delete Key').click();
    };
    await ask();
    await view.answer('type the name of the connection, Live', 'Shop');
    await view.window.page.getByText('This is not the name of the connection').waitFor();
    assert.equal(await client.exists('four'), 1);
    await view.window.page.keyboard.press('Escape');
    await view.window.quickInput().waitFor({ state: 'hidden' });
    await ask();
    await view.question('type the name of the connection, Live').waitFor();
    assert.equal(await client.exists('four'), 1);
    await view.answer('type the name of the connection, Live', 'Live');
    await view.key('four').waitFor({ state: 'hidden' });
    assert.equal(await client.exists('four'), 0);
  });
});
