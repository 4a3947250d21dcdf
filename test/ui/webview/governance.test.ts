import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../helpers/browser';
import { eventually } from '../../helpers/eventually';
import { usageOf } from '../../helpers/retentionFakes';
import { type GovernanceHost, governanceStates, runningHost, stoppedHost } from './governanceHost';
import { openGovernance } from './openPanels';

describe('The governance panel', function () {
  this.timeout(20_000);
  let browser: Browser;
  let open: Awaited<ReturnType<typeof openGovernance>>;
  before(async () => (browser = await launchBrowser()));
  after(() => browser.close());
  afterEach(async () => {
    assert.deepEqual(open.complaints, [], 'the page complained');
    await open.close();
  });

  const start = async (host: GovernanceHost = governanceStates['full']!(), width?: number) => {
    open = await openGovernance(browser, host, width === undefined ? {} : { width });
    return open.page;
  };
  const button = (name: string | RegExp) => open.page.getByRole('button', { name, exact: true });
  const field = (name: string) => open.page.getByRole('textbox', { name, exact: true });
  const asked = <T>(method: string): Promise<T> =>
    eventually(`the page asks ${method}`, () => open.requests(method)[0] as T | undefined);
  const preview = async () => {
    await button('Purge…').click();
    await button('Preview').click();
    await open.page.getByRole('heading', { name: /^Purge [\d,]+ records\?$/ }).waitFor();
  };
  const confirm = async () => {
    await preview();
    await open.page.getByRole('textbox', { name: /^Type the number of records/ }).fill('74,580');
    await button('Purge 74,580 records').click();
  };

  it('tells each dataset in words and numbers, not by colour alone', async () => {
    const page = await start(governanceStates['over']!());
    const meter = async (name: string) =>
      page.getByRole('meter', { name, exact: true }).getAttribute('aria-valuetext');
    assert.equal(await meter('Workflow runs'), '2.9 MiB of 32 MiB, 9 %, within budget');
    assert.equal(await meter('Timeline'), '118 MiB of 128 MiB, 92 %, nearly full');
    assert.equal(await meter('Alerts'), '18 MiB of 16 MiB, 113 %, over budget');
    assert.equal(await meter('Key snapshots'), '410 MiB of 384 MiB, 107 %, collecting stopped');
    await page.getByText('1 dataset is not collected').waitFor();
    await page.getByText(/Key snapshots: nothing new is recorded, .*9,020 records/).waitFor();
  });

  it('lists datasets with what they span, hold and keep', async () => {
    const page = await start();
    const row = page.getByRole('row', { name: /^Timeline/ });
    for (const text of ['1,204,311', '84 MiB', 'Oct 21, 2026', 'Nov 20, 2026'])
      await row.getByText(text, { exact: true }).waitFor();
    await row.getByText('30 days, 128 MiB').waitFor();
  });

  it('keeps its table a table for readers of the screen when it is narrow', async () => {
    const page = await start(governanceStates['full']!(), 360);
    const row = page.getByRole('table').getByRole('row', { name: /^Timeline/ });
    assert.equal(await row.getByRole('cell').count(), 8);
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    assert.equal(await page.evaluate<number>(overflow), 0);
    const content = `(() => { const main = document.querySelector('main');
      return main.scrollWidth - main.clientWidth; })()`;
    assert.equal(await page.evaluate<number>(content), 0);
  });

  it('says how to begin when nothing is stored, and offers no purge', async () => {
    const page = await start(governanceStates['empty']!());
    await page.getByText('Nothing is stored yet').waitFor();
    await page.getByText('Nothing is held.').waitFor();
    assert.ok(await button('Purge…').isDisabled());
  });

  it('says why it cannot be read, and reads again', async () => {
    const host = governanceStates['failed']!();
    const page = await start(host);
    await page.getByText('The store does not answer.').waitFor();
    host.retention.failure = undefined;
    await button('Retry').click();
    await page.getByRole('meter', { name: 'Timeline' }).waitFor();
  });

  it('shows what changed without being asked', async () => {
    const page = await start();
    open.host.retention.rows = [usageOf('alerts', { rows: 77 })];
    open.rpc.emit('governance/changed', await open.host.session.load());
    await page
      .getByRole('row', { name: /^Alerts/ })
      .getByText('77', { exact: true })
      .waitFor();
  });

  it('offers nothing that changes while the store is read-only, and says why', async () => {
    const page = await start(governanceStates['readOnly']!());
    await page
      .getByText(/Nothing can be changed here now\. The store was written by a newer version/)
      .waitFor();
    for (const name of ['Purge…', 'Back up now', 'Edit policy of Timeline', 'Purge Timeline…'])
      assert.ok(await button(name).isDisabled(), name);
    assert.ok(await button('Unpin Timeline: record 1,204').isDisabled());
    await button('Show storage').click();
    await eventually('the report is shown', () => open.host.acts.includes('showStorage') || undefined);
  });

  it('edits a policy in its row and saves it when it is asked to', async () => {
    const page = await start();
    await button('Edit policy of Alerts').click();
    await field('Days').fill('0');
    await page.getByText('Enter whole days from 1 to 3650.').waitFor();
    assert.ok(await button('Save policy').isDisabled());
    await field('Days').fill('14');
    await button('Save policy').click();
    await page
      .getByRole('row', { name: /^Alerts/ })
      .getByText('14 days, 16 MiB')
      .waitFor();
    assert.equal(open.host.retention.kept.alerts.retentionDays, 14);
    assert.equal(await page.getByRole('group', { name: 'Policy of Alerts' }).count(), 0);
  });

  it('says what a policy would take before it is saved', async () => {
    const page = await start();
    open.host.retention.taken = 12_431;
    await button('Edit policy of Alerts').click();
    await field('Budget (MiB)').fill('1');
    await field('Budget (MiB)').press('Enter');
    await page.getByText(/At the next run 12,431 records go, 12 MiB\./).waitFor();
    assert.equal(open.requests('governance/setPolicy').length, 0);
    await button('Back').click();
    await button('Save policy').click();
    await button('Save and let 12,431 records go').click();
    const { policy } = await asked<{ policy: { budgetBytes: number } }>('governance/setPolicy');
    assert.equal(policy.budgetBytes, 1024 * 1024);
  });

  it('asks anew when a policy is changed after the question', async () => {
    const page = await start();
    open.host.retention.taken = 5;
    await button('Edit policy of Alerts').click();
    await field('Days').fill('2');
    await button('Save policy').click();
    await button('Save and let 5 records go').waitFor();
    await field('Days').fill('3');
    await button('Save policy').waitFor();
    assert.equal(await page.getByText(/At the next run/).count(), 0);
  });

  it('says that a policy could not be saved, and keeps what was typed', async () => {
    const page = await start();
    await button('Edit policy of Alerts').click();
    await field('Days').fill('14');
    open.host.storage.now = { ...open.host.storage.now, readOnlyBecause: 'Another build keeps the store.' };
    await button('Save policy').click();
    await page.getByRole('alert').filter({ hasText: 'Another build keeps the store.' }).waitFor();
    assert.equal(await field('Days').inputValue(), '14');
  });

  it('gives what was typed to the host, which a hidden tab would lose', async () => {
    const page = await start();
    await button('Edit policy of Alerts').click();
    await field('Days').fill('14');
    await asked('governance/hold');
    await page.reload();
    await page.getByRole('group', { name: 'Policy of Alerts' }).waitFor();
    assert.equal(await field('Days').inputValue(), '14');
    await field('Days').press('Escape');
    await page.getByRole('group', { name: 'Policy of Alerts' }).waitFor({ state: 'detached' });
  });

  it('purges from the keyboard alone, by the number that was typed', async () => {
    const page = await start(runningHost());
    open.host.purges.work = async (total) => ({ doneRows: total, remainingRows: 0, freedBytes: 2048 });
    await button('Purge…').focus();
    await page.keyboard.press('Enter');
    await focused('Purge records');
    await button('Preview').focus();
    await page.keyboard.press('Enter');
    await focused('Purge 74,580 records?');
    await eventually('the number can be typed', async () =>
      (await page.getByRole('textbox', { name: /^Type the number of records/ }).isEnabled())
        ? true
        : undefined,
    );
    await tabTo(/^Type the number of records, 74,580/);
    await page.keyboard.type('74579');
    await page.getByText('This is not the number of records').waitFor();
    assert.ok(await button('Purge 74,580 records').isDisabled());
    await page.keyboard.press('Enter');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('74580');
    await eventually('the button is on', async () =>
      (await button('Purge 74,580 records').isEnabled()) ? true : undefined,
    );
    assert.equal(open.requests('governance/purge').length, 0);
    await page.keyboard.press('Enter');
    await focused('The purge is done');
    await page.getByText('74,580 records purged, 2 KiB freed.').waitFor();
    await tabTo('Close');
    await page.keyboard.press('Enter');
    await eventually('the focus is back', async () =>
      (await page.evaluate('document.activeElement?.getAttribute("aria-label")')) === 'Purge…'
        ? true
        : undefined,
    );
  });

  it('previews what goes, what stays and what is lost', async () => {
    const page = await start(runningHost());
    open.host.purges.heldRows = 3;
    await preview();
    await page.getByText('3 records as old are held and stay.').first().waitFor();
    await page.getByText(/The timeline begins on Nov 13, 2026/).waitFor();
    await page.getByText('This cannot be undone. Backups keep what they hold.').waitFor();
    assert.ok(await button('Purge 74,580 records').isDisabled());
    await button('Back up first').click();
    await eventually('a backup is made', () => open.host.acts.includes('backUp') || undefined);
  });

  it('purges one dataset from its row, before a date', async () => {
    const page = await start();
    await button('Purge Alerts…').click();
    const chosen = page.getByRole('checkbox', { checked: true });
    assert.equal(await chosen.count(), 1);
    await page.getByRole('combobox', { name: 'Records' }).click();
    await page.getByRole('option', { name: 'before (date)' }).click();
    await button('Preview').click();
    await page.getByText('Choose a date and a time.').waitFor();
    await page.getByLabel('Date and time').last().fill('2026-11-01T12:00:00');
    await button('Preview').click();
    const request = await asked<{ datasets: string[]; before: number }>('governance/preview');
    const before = await page.evaluate<number>('new Date("2026-11-01T12:00:00").getTime()');
    assert.deepEqual(request, { datasets: ['alerts'], before });
  });

  it('says so when nothing is old enough, and goes back to the choice', async () => {
    const page = await start();
    open.host.purges.rowsEach = 0;
    await button('Purge…').click();
    await button('Preview').click();
    await page.getByRole('heading', { name: 'Nothing to purge' }).waitFor();
    await button('Choose again').click();
    await page.getByRole('heading', { name: 'Purge records' }).waitFor();
    assert.equal(await page.getByRole('checkbox', { checked: true }).count(), 6);
  });

  it('shows how far a purge has come, finds it again after a reload, and cancels it', async () => {
    const page = await start(runningHost());
    await confirm();
    await page.getByText('14,916 of 74,580 records gone, 12 MiB freed').waitFor();
    await page.reload();
    await page.getByText('14,916 of 74,580 records gone, 12 MiB freed').waitFor();
    await button('Cancel purge').click();
    await page
      .getByText(/You cancelled it\. 14,916 records purged, 12 MiB freed\. 59,664 records remain/)
      .waitFor();
  });

  it('G54: tells done and remaining of a purge that stopped, and goes on with the same preview', async () => {
    const page = await start(stoppedHost());
    await confirm();
    await page
      .getByText(/The disk is full\. 37,290 records purged, 31 MiB freed\. 37,290 records remain/)
      .waitFor();
    await button('Retry: purge the other 37,290 records').click();
    await page.getByRole('heading', { name: 'The purge is done' }).waitFor();
    assert.deepEqual(open.host.purges.ran, ['token-1', 'token-1']);
  });

  it('removes pins, and shows who holds what cannot be let go', async () => {
    const page = await start();
    await page.getByText(/held by run nightly-warmup-17 while it can be resumed/).waitFor();
    await page.getByText(/held by incident INC-7 while it is open/).waitFor();
    assert.equal(await page.getByRole('button', { name: /^Unpin/ }).count(), 1);
    await button('Unpin Timeline: record 1,204').click();
    await page.getByText('pinned by you').waitFor({ state: 'detached' });
    assert.equal(open.host.holds.kept.length, 2);
  });

  async function focused(heading: string): Promise<void> {
    const where = 'document.activeElement?.textContent';
    await eventually(`the focus is on ${heading}`, async () =>
      (await open.page.evaluate(where)) === heading ? true : undefined,
    );
  }

  /** Tabs on until the control of this name has the focus. */
  async function tabTo(name: string | RegExp): Promise<void> {
    const label = `(document.activeElement?.shadowRoot?.activeElement?.getAttribute('aria-label')
      ?? document.activeElement?.getAttribute('aria-label')) ?? ''`;
    for (let steps = 0; steps < 20; steps++) {
      const found = await open.page.evaluate<string>(label);
      if (typeof name === 'string' ? found === name : name.test(found)) return;
      await open.page.keyboard.press('Tab');
    }
    assert.fail(`${String(name)} cannot be reached by Tab`);
  }
});
