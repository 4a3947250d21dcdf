import { strict as assert } from 'node:assert';
import { type Journey, editorMs, startJourney } from './journey';

describe('a person with values', function () {
  this.timeout(editorMs);
  let journey: Journey;
  const place = () => journey.view.place('database 0', 'Shop');

  before(async () => {
    journey = await startJourney({ profiles: [{ name: 'Shop' }] });
    await journey.view.connect('Shop');
  });

  after(() => journey.stop());

  it('opens a string, edits it and saves it with Ctrl+S, and its time to live is kept', async () => {
    await journey.client.set('greeting', 'hello', 'EX', 5000);
    const value = await journey.view.openByName(place(), 'greeting');
    await value.shows('hello');
    await value.write('hello, world');
    await value.save();
    assert.equal(await journey.client.get('greeting'), 'hello, world');
    assert.ok((await journey.client.ttl('greeting')) > 4000);
  });

  it('edits one field of a hash, and the others stay as they are', async () => {
    await journey.client.hset('user:1', { city: 'Berlin', zip: '10117' });
    const value = await journey.view.openByName(place(), 'user:1');
    await value.row('city').click();
    await value.write('Lisboa');
    await value.save();
    assert.deepEqual(await journey.client.hgetall('user:1'), { city: 'Lisboa', zip: '10117' });
  });

  it('sees both sides when someone else was faster, and overwrites only when told to', async () => {
    await journey.client.set('contested', 'first');
    const value = await journey.view.openByName(place(), 'contested');
    await value.write('mine');
    await journey.client.set('contested', 'theirs');
    await value.pressSave();
    const conflict = value.frame.locator('.conflict-panel');
    await conflict.getByText('The value changed on the server after you read it').waitFor();
    for (const text of ['mine', 'first', 'theirs'])
      await conflict.locator('pre', { hasText: text }).waitFor();
    await journey.view.window.screenshot('journey-conflict');
    assert.equal(await journey.client.get('contested'), 'theirs');
    await value.button('Overwrite theirs').click();
    await value.isSaved();
    assert.equal(await journey.client.get('contested'), 'mine');
  });

  it('takes the other side of a conflict', async () => {
    await journey.client.set('yielded', 'first');
    const value = await journey.view.openByName(place(), 'yielded');
    await value.write('mine');
    await journey.client.set('yielded', 'theirs');
    await value.pressSave();
    await value.button('Take theirs').click();
    await value.isSaved();
    await value.shows('theirs');
    assert.equal(await journey.client.get('yielded'), 'theirs');
  });

  it('makes a new key of a chosen type with a time to live, and sees it', async () => {
    const { view, client } = journey;
    await view.menu(place(), 'New key…');
    await view.window.pick('hash');
    await view.answer('Bytes that are no text', 'made:hash');
    await view.answer('First field', 'colour');
    await view.answer('Value of the field', 'blue');
    await view.answer('Time to live', '15m');
    const value = await view.value('made:hash');
    await value.row('colour').waitFor();
    assert.deepEqual(await client.hgetall('made:hash'), { colour: 'blue' });
    assert.ok((await client.ttl('made:hash')) > 800);
  });

  it('renames over another key only after agreeing to lose it', async () => {
    const { view, client } = journey;
    await client.mset('old-name', 'kept', 'taken', 'in the way');
    await view.menu(place(), 'Refresh keys');
    await view.expand(place());
    const rename = async (): Promise<void> => {
      await view.menu(view.key('old-name'), 'Rename key…');
      await view.answer('Rename key', 'taken');
      await view.window.dialog().getByText('Replace the key taken on Shop').waitFor();
    };
    await rename();
    await view.window.dialogButton('Cancel').click();
    await view.window.dialog().waitFor({ state: 'hidden' });
    // asked again, the first command has ended
    await rename();
    assert.deepEqual(await client.mget('old-name', 'taken'), ['kept', 'in the way']);
    await view.window.dialogButton('Replace Key').click();
    await view.key('old-name').waitFor({ state: 'hidden' });
    assert.deepEqual(await client.mget('old-name', 'taken'), [null, 'kept']);
  });

  it('sees the panel of a key follow its new name, and one with unsaved changes keep them and say so', async () => {
    const { view, client } = journey;
    const { page } = view.window;
    const tab = (key: string) => page.locator('.tab').filter({ hasText: `${key} · DEV` });
    await client.mset('calm', 'seen', 'busy', 'seen');
    await view.openByName(place(), 'calm');
    const busy = await view.openByName(place(), 'busy');
    await busy.write('typed');
    await tab('busy').and(page.locator('.dirty')).waitFor();
    await tab('calm').click();
    await view.run('Rename key…');
    await view.answer('Rename key', 'calmer');
    await tab('calm').filter({ hasNotText: 'calmer' }).waitFor({ state: 'detached' });
    const calmer = await view.value('calmer');
    await calmer.shows('seen');
    await tab('busy').click();
    await view.run('Rename key…');
    await view.answer('Rename key', 'busier');
    await view.window.told(/busy was renamed to busier. Its tab keeps the unsaved changes/);
    const gone = await view.window.webview('busy · DEV');
    await gone.getByText('This key does not exist').waitFor();
    assert.equal(await gone.getByRole('textbox', { name: 'Your unsaved change' }).inputValue(), 'typed');
    await tab('busy').and(page.locator('.dirty')).waitFor();
    assert.deepEqual(await client.mget('calm', 'calmer', 'busy', 'busier'), [null, 'seen', null, 'seen']);
    await view.window.command('File: Revert File');
    await tab('busy').and(page.locator(':not(.dirty)')).waitFor();
  });

  it('is told of a conflict of a document once, in words, and saves over it', async () => {
    const { view, client } = journey;
    const { page } = view.window;
    await client.set('page', 'first');
    await view.menu(place(), 'Refresh keys');
    await view.expand(place());
    await view.menu(view.key('page'), 'Open value as document');
    const tab = page.locator('.tab.active').filter({ hasText: /^page/ });
    await tab.waitFor();
    await page.locator('.editor-instance .view-lines').filter({ hasText: 'first' }).click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('mine');
    await client.set('page', 'other');
    await page.keyboard.press('Control+s');
    await view.window.told("Failed to save 'page': The content of the file is newer");
    await view.window.screenshot('journey-document-conflict');
    await view.window.command('Notifications: Show Notifications');
    const told = page.locator('.notifications-center .notification-list-item');
    await told.filter({ hasText: "Failed to save 'page'" }).waitFor();
    assert.deepEqual(
      (await told.allInnerTexts()).filter((text) => /cachify:|something else/.test(text)),
      [],
    );
    await told.getByRole('button', { name: 'Overwrite' }).click();
    await tab.and(page.locator(':not(.dirty)')).waitFor();
    assert.equal(await client.get('page'), 'mine');
  });
});
