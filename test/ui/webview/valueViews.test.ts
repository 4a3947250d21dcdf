import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../helpers/browser';
import { eventually } from '../../helpers/eventually';
import { openValue } from './openPanels';
import { b64, decodedText, snapshotOf, stringPage, ValueHost } from './valueHost';

describe('The views of a value', function () {
  this.timeout(20_000);
  let browser: Browser;
  let open: Awaited<ReturnType<typeof openValue>>;
  before(async () => (browser = await launchBrowser()));
  after(() => browser.close());
  afterEach(async () => {
    assert.deepEqual(open.complaints, [], 'the page complained');
    await open.close();
  });

  const json = '{"a":{"b":1},"c":[1,2]}';
  const start = async (host: ValueHost): Promise<Page> => {
    open = await openValue(browser, host);
    return open.page;
  };
  const show = async (view: string): Promise<void> => {
    await open.page.getByRole('combobox', { name: 'View' }).click();
    await open.page.getByRole('option', { name: view, exact: true }).click();
  };
  const text = () => open.page.getByRole('textbox', { name: 'Value' });
  const laidOut = () =>
    eventually('JSON is laid out', async () => (await text().inputValue()).includes('\n') || undefined);
  const save = () => open.page.getByRole('button', { name: 'Save', exact: true });

  it('shows the best one first, and saves what was typed in it as the bytes the host makes of it', async () => {
    const host = new ValueHost(snapshotOf(stringPage(json)));
    host.encode = (typed) => ({ bytes: b64(JSON.stringify(JSON.parse(typed))) });
    await start(host);
    await laidOut();
    await text().fill('{ "a": 2 }');
    await save().click();
    const request = await eventually('it is saved', async () => open.requests('value/save')[0]);
    assert.deepEqual((request as { change: unknown }).change, {
      kind: 'string',
      before: b64(json),
      after: b64('{"a":2}'),
    });
  });

  it('tells what is wrong with the text instead of saving it', async () => {
    const host = new ValueHost(snapshotOf(stringPage(json)));
    host.encode = () => ({ problem: 'A value is missing at line 1.', at: 3 });
    const page = await start(host);
    await laidOut();
    await text().fill('{"a":');
    await save().click();
    await page.getByRole('alert').filter({ hasText: 'A value is missing' }).waitFor();
    assert.equal(open.requests('value/save').length, 0);
    assert.equal(await text().inputValue(), '{"a":');
  });

  it('tells of spaces that look like others, as text is typed, and shows them escaped', async () => {
    const page = await start(new ValueHost(snapshotOf(stringPage('a\u00a0b\u00a0c\u3000d e'))));
    const note = page.getByText('Holds spaces of other kinds: 2 × U+00A0, 1 × U+3000.');
    await note.waitFor();
    await text().fill('a b');
    await note.waitFor({ state: 'detached' });
    await text().fill('x\u00a0y z');
    const typed = page.getByText('Holds spaces of other kinds: 1 × U+00A0.');
    await typed.waitFor();
    await show('Escaped');
    await typed.waitFor({ state: 'detached' });
    assert.equal(await text().inputValue(), String.raw`x\u{a0}y z`);
  });

  it('goes from text to escaped and back as often as somebody likes, with an edit and without', async () => {
    await start(new ValueHost(snapshotOf(stringPage('a\\b'))));
    for (const [view, shown] of [
      ['Escaped', String.raw`a\\b`],
      ['Text', String.raw`a\b`],
      ['Escaped', String.raw`a\\b`],
    ] as const) {
      await show(view);
      await eventually(`${view} is shown`, async () => (await text().inputValue()) === shown || undefined);
    }
    await text().fill(String.raw`c\\d`);
    await show('Text');
    await eventually(
      'the edit is shown as text',
      async () => (await text().inputValue()) === String.raw`c\d` || undefined,
    );
  });

  it('cannot be edited where the host says so, and why', async () => {
    const host = new ValueHost(snapshotOf(stringPage(json)));
    const reason = 'Another compressor wrote this: saving would change bytes you did not touch.';
    host.decode = (bytes, view) => ({ ...decodedText(bytes, view), editable: false, readOnlyReason: reason });
    const page = await start(host);
    await page.getByText(reason).waitFor();
    assert.equal(await text().getAttribute('readonly'), '');
    await show('Text');
    await eventually(
      'text can be edited',
      async () => (await text().getAttribute('readonly')) === null || undefined,
    );
    const preferred = await eventually('the choice is kept', () => open.requests('value/preferView')[0]);
    assert.deepEqual(preferred, { view: 'text' });
  });

  it('folds and unfolds JSON', async () => {
    const page = await start(new ValueHost(snapshotOf(stringPage(json))));
    // there is a tree to choose only once the host has said that this is JSON
    await laidOut();
    await show('Tree');
    const tree = page.getByRole('tree', { name: 'Value' });
    await tree.getByRole('treeitem', { name: '"b": 1' }).waitFor();
    await tree.getByRole('treeitem', { name: '"a": {' }).click();
    await tree.getByRole('treeitem', { name: '"a": {…},' }).waitFor();
    assert.equal(await tree.getByRole('treeitem', { name: '"b": 1' }).count(), 0);
    await tree.press('ArrowRight');
    await tree.getByRole('treeitem', { name: '"b": 1' }).waitFor();
  });

  it('draws a picture as one', async () => {
    const pixel = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
    const host = new ValueHost(snapshotOf(stringPage([...pixel])));
    host.decode = () => ({
      views: [{ id: 'image', title: 'Picture' }],
      view: { id: 'image', title: 'Picture' },
      text: 'GIF, 1 x 1',
      language: 'plaintext',
      editable: false,
      notes: [],
      imageType: 'image/gif',
    });
    const page = await start(host);
    const image = page.getByRole('img', { name: 'Value' });
    await image.waitFor();
    assert.equal(await image.evaluate((element: HTMLImageElement) => element.naturalWidth), 1);
  });
});
