import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../helpers/browser';
import { eventually } from '../../helpers/eventually';
import { openValue } from './openPanels';
import { cell, hashPage, snapshotOf, stringPage, ValueHost } from './valueHost';
import { valueStates } from './valueStates';

/** What a person must be able to see of each kind. */
const seen: Readonly<Record<string, readonly string[]>> = {
  hash: [
    '1,204 fields',
    '61 KiB in memory',
    'hashtable',
    'address',
    'Load more (8 of 1,204 read)',
    '8 of 1,204 read',
  ],
  string: ['string', 'No TTL', 'raw', '36 B of 36 B read'],
  binary: ['Shown escaped'],
  item: ['flags 32', 'CAS 18446744073709551615', 'STAGING', 'degraded', 'idle 1 m 35 s'],
  large: ['Bytes 0 to 65,536 of 5 MiB', 'Values over 1 MiB can be read and saved to a file'],
  list: ['3,200 elements', 'job 0: resize image 0.png', 'Add element'],
  set: ['3 members', 'green'],
  zset: ['-inf', '1763640131.123456789'],
  stream: ['2 entries', 'Groups (2)', 'order.created'],
  json: ['JSON', 'Go to path'],
  other: ['Module type MBbloom--', 'It takes 2 KiB in memory.'],
  locked: ['orders-cache is read-only'],
  gone: ['This key does not exist'],
};

describe('The value panel', function () {
  this.timeout(30_000);
  let browser: Browser;
  let open: Awaited<ReturnType<typeof openValue>>;
  before(async () => (browser = await launchBrowser()));
  after(() => browser.close());
  afterEach(async () => {
    assert.deepEqual(open.complaints, [], 'the page complained');
    await open.close();
  });

  for (const [state, snapshot] of Object.entries(valueStates)) {
    it(`shows ${state}`, async () => {
      open = await openValue(browser, snapshot());
      for (const text of seen[state]!) await open.page.getByText(text).first().waitFor();
    });
  }

  it('counts the TTL down', async () => {
    open = await openValue(browser, snapshotOf(stringPage('a'), { expireAtMs: Date.now() + 2500 }));
    await open.page.getByText('TTL 1 s').waitFor();
    await open.page.getByText('Expired').waitFor();
  });

  it('follows the state of the connection', async () => {
    open = await openValue(browser, snapshotOf(stringPage('a')));
    const { header } = snapshotOf(undefined);
    open.rpc.emit('value/header', {
      ...header,
      state: 'unreachable',
      locked: 'The server cannot be reached.',
    });
    await open.page.getByText('unreachable').waitFor();
    await open.page.getByText('The server cannot be reached.').waitFor();
  });

  it('keeps a window of a hundred thousand loaded rows in the page', async () => {
    const rows = Array.from({ length: 100_000 }, (_, at) => ({
      field: cell(`field:${at}`),
      value: cell('v'),
    }));
    open = await openValue(browser, snapshotOf({ kind: 'hash', total: rows.length, rows }));
    const { page } = open;
    const drawn = (): Promise<number> => page.locator('.grid-row').count();
    assert.ok((await drawn()) < 80);
    await page.getByRole('grid').focus();
    await page.keyboard.press('End');
    await page.getByText('field:99999', { exact: true }).waitFor();
    assert.ok((await drawn()) < 80);
    assert.equal(await page.getByRole('grid').getAttribute('aria-rowcount'), '100001');
    const last = page.locator('[role=row].active');
    assert.equal(await last.getAttribute('aria-rowindex'), '100001');
    assert.equal(
      await page.getByRole('grid').getAttribute('aria-activedescendant'),
      await last.getAttribute('id'),
    );
    await page.getByRole('textbox', { name: 'Find in fields…' }).fill('FIELD:4242');
    await page.getByText('11 found in 100,000 loaded').waitFor();
  });

  it('reads on when the last row is chosen', async () => {
    const host = new ValueHost(snapshotOf({ ...hashPage({ a: '1' }, '5'), total: 2 }));
    host.pages.push(hashPage({ a: 'again', b: '2' }));
    open = await openValue(browser, host);
    await open.page.getByRole('grid').focus();
    await open.page.keyboard.press('End');
    await open.page.keyboard.press('Enter');
    await open.page.getByText('2 of 2 read').waitFor();
    assert.deepEqual(open.requests('value/page'), [{ epoch: 1, cursor: '5' }]);
  });

  it('reads again by itself when asked to, keeps the loaded rows, and stops while an edit is under way', async () => {
    const host = new ValueHost(snapshotOf({ ...hashPage({ a: '1' }, '5'), total: 2 }));
    host.pages.push(hashPage({ b: '2' }), hashPage({ b: 'new' }));
    open = await openValue(browser, host);
    await open.page.getByText('Load more (1 of 2 read)').click();
    await open.page.getByRole('row', { name: 'b 2 1 B' }).waitFor();
    await open.page.clock.install();
    await open.page.getByRole('combobox', { name: 'Refresh' }).click();
    await open.page.getByRole('option', { name: 'Refresh every 2 s' }).click();
    await open.page.clock.runFor(2000);
    await open.page.getByRole('row', { name: 'b new 3 B' }).waitFor();
    assert.deepEqual(open.requests('value/load')[1], { repeated: true });
    await open.page.getByRole('textbox', { name: 'a', exact: true }).fill('mine');
    const loads = open.requests('value/load').length;
    await open.page.clock.runFor(10_000);
    assert.equal(open.requests('value/load').length, loads);
  });

  it('says why no more could be read, and keeps what is there', async () => {
    open = await openValue(browser, snapshotOf({ ...hashPage({ a: '1' }, '5'), total: 2 }));
    await open.page.getByText('Load more (1 of 2 read)').click();
    await open.page.getByRole('alert').filter({ hasText: 'No more pages' }).waitFor();
    await open.page.getByRole('row', { name: 'a 1 1 B' }).waitFor();
  });

  it('goes through a large value window by window, and keeps none of them', async () => {
    const host = new ValueHost(snapshotOf({ ...stringPage('ab'), total: 2_000_000, cursor: '2' }));
    host.pages.push({ ...stringPage('yz'), offset: 1_934_464, total: 2_000_000 });
    open = await openValue(browser, host);
    await open.page.getByRole('button', { name: 'End' }).click();
    await open.page.waitForFunction(() => document.querySelector('textarea')?.value === 'yz');
    assert.deepEqual(open.requests('value/page'), [{ epoch: 1, cursor: '1934464' }]);
    const value = open.page.getByRole('textbox', { name: 'Value', exact: true });
    assert.equal(await value.getAttribute('readonly'), '');
  });

  it('shows hostile data as the text it is', async () => {
    const evil = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
    const long = 'w'.repeat(60 * 1024);
    const snapshot = snapshotOf(
      hashPage({ [evil]: evil, ['\u202edetrever']: 'x', ['שלום']: 'x', [long]: long }),
    );
    open = await openValue(browser, {
      ...snapshot,
      header: { ...snapshot.header, keyLabel: evil, place: evil },
    });
    const { page } = open;
    await page.getByRole('row', { name: 'w'.repeat(50) }).click();
    await page.getByText('\\u{202e}detrever').waitFor();
    assert.equal(await page.locator('img').count(), 0);
    assert.equal(await page.title(), 'value');
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, 'the page scrolls sideways');
  });

  it('says what failed and reads again', async () => {
    const host = new ValueHost(snapshotOf(stringPage('a')));
    open = await openValue(browser, host);
    const failing = {
      ...host.handlers,
      'value/load': () => Promise.reject(new Error('Cannot reach cache.internal:6379.')),
    };
    await open.close();
    const { openSurface } = await import('./surfacePage');
    const { valueEvents, valueMethods } = await import('../../../src/protocol/value');
    const surface = await openSurface(browser, {
      bundle: 'value',
      methods: valueMethods,
      events: valueEvents,
      handlers: failing,
    });
    await surface.page.getByText('Cannot reach cache.internal:6379.').waitFor();
    await surface.page.getByRole('button', { name: 'Retry' }).click();
    await eventually('it is read again', () => surface.requests('value/load')[1]);
    await surface.page.getByText('The value could not be read').waitFor();
    await surface.close();
  });

  it('speaks the language of the editor', async () => {
    open = await openValue(browser, snapshotOf(stringPage('a')), {
      translations: { 'Delete key': 'Schlüssel löschen' },
    });
    await open.page.getByRole('button', { name: 'Schlüssel löschen' }).waitFor();
  });
});
