import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../helpers/browser';
import { eventually } from '../../helpers/eventually';
import { governanceStates } from './governanceHost';
import { openConnection, openGovernance, openValue } from './openPanels';
import { snapshotOf, stringPage, ValueHost } from './valueHost';

describe('A page that cannot be drawn', function () {
  this.timeout(20_000);
  let browser: Browser;
  let open: { readonly page: Page; readonly complaints: string[]; readonly close: () => Promise<void> };
  before(async () => (browser = await launchBrowser()));
  after(() => browser.close());
  afterEach(async () => {
    assert.deepEqual(open.complaints, [], 'the page complained');
    await open.close();
  });

  /** Makes drawing fail, once. */
  const breakOnce = (page: Page) =>
    page.evaluate(() => {
      const make: unknown = Reflect.get(Document.prototype, 'createElementNS');
      Reflect.set(Document.prototype, 'createElementNS', () => {
        Reflect.set(Document.prototype, 'createElementNS', make);
        throw new Error('the ink ran out');
      });
    });
  const alert = () => open.page.getByRole('alert');
  const reload = () => open.page.getByRole('button', { name: 'Reload', exact: true });
  const told = async () => {
    await alert().getByText('This page could not be drawn').waitFor();
    await alert().getByText('the ink ran out').waitFor();
  };

  it('says what failed, offers reload, and goes on with what was typed: a value', async () => {
    const host = new ValueHost(snapshotOf(stringPage('first')));
    const value = (open = await openValue(browser, host));
    const text = open.page.getByRole('textbox', { name: 'Value' });
    await text.fill('mine');
    await breakOnce(open.page);
    value.rpc.emit('value/header', { ...host.snapshot.header, locked: 'The server cannot be reached.' });
    await told();
    await reload().click();
    await text.waitFor();
    assert.equal(await text.inputValue(), 'mine');
    await open.page.getByRole('button', { name: 'Save', exact: true }).click();
    await open.page.getByText(/^Unsaved/).waitFor({ state: 'hidden' });
    assert.equal(value.requests('value/save').length, 1);
  });

  it('says so again when it cannot be drawn again', async () => {
    const value = (open = await openValue(browser, snapshotOf(stringPage('first'))));
    await open.page.evaluate(() => {
      const { NumberFormat } = Intl;
      Reflect.set(globalThis, 'mendNumbers', () => Reflect.set(Intl, 'NumberFormat', NumberFormat));
      Reflect.set(Intl, 'NumberFormat', function outOfInk() {
        throw new Error('the ink ran out');
      });
    });
    value.rpc.emit('value/snapshot', snapshotOf(stringPage('second')));
    await told();
    await reload().click();
    await told();
    await open.page.evaluate(() => {
      (Reflect.get(globalThis, 'mendNumbers') as () => void)();
    });
    await reload().click();
    await open.page.getByRole('textbox', { name: 'Value' }).waitFor();
    assert.equal(await alert().count(), 0);
  });

  it('says what failed, offers reload, and goes on with what was typed: a connection', async () => {
    open = await openConnection(browser);
    const name = open.page.getByRole('textbox', { name: 'Name', exact: true });
    await name.fill('sessions');
    await breakOnce(open.page);
    await open.page.getByRole('button', { name: 'Test', exact: true }).click();
    await told();
    await reload().click();
    await name.waitFor();
    assert.equal(await name.inputValue(), 'sessions');
  });

  it('says what failed, offers reload, and goes on: storage', async () => {
    open = await openGovernance(browser, governanceStates['full']!());
    await breakOnce(open.page);
    await open.page.getByRole('button', { name: 'Purge…' }).click();
    await told();
    await reload().click();
    await open.page.getByRole('button', { name: 'Show storage' }).waitFor();
    await open.page.getByRole('button', { name: 'Purge…' }).click();
    await open.page.getByRole('button', { name: 'Preview' }).waitFor();
  });

  it('leaves nothing of itself behind that reads or listens beside the new one', async () => {
    const value = (open = await openValue(browser, snapshotOf(stringPage('first'))));
    await open.page.clock.install();
    await open.page.getByRole('combobox', { name: 'Refresh' }).click();
    await open.page.getByRole('option', { name: 'Refresh every 2 s' }).click();
    await breakOnce(open.page);
    const { header } = snapshotOf(undefined);
    value.rpc.emit('value/header', { ...header, locked: 'The server cannot be reached.' });
    await told();
    await reload().click();
    await open.page.getByRole('textbox', { name: 'Value' }).waitFor();
    const before = value.requests('value/load').length;
    await open.page.clock.runFor(2100);
    await eventually('it reads', () => value.requests('value/load').length > before || undefined);
    assert.equal(value.requests('value/load').length, before + 1);
  });
});
