import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { AxeResults, NodeResult } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../helpers/browser';
import { ConnectionHost, formOf } from './connectionHost';
import { governanceStates, runningHost, stoppedHost } from './governanceHost';
import { openConnection, openGovernance, openValue } from './openPanels';
import { changeTheme, themeKinds } from './themes';
import { b64, ValueHost } from './valueHost';
import { valueStates } from './valueStates';

const waiting = {
  consumers: [{ name: b64('worker'), pending: 1, idleMs: 4200 }],
  pending: [{ id: '1-0', consumer: b64('worker'), idleMs: 4200, deliveries: 1 }],
};

/** What a person opens in a value of a kind. */
const busy: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  stream: async (page) => {
    await page.getByRole('tab', { name: 'Groups (2)' }).click();
    await page.getByRole('row', { name: '1-0' }).click();
  },
  json: async (page) => {
    await page.getByRole('combobox', { name: 'View' }).click();
    await page.getByRole('option', { name: 'Tree' }).click();
    await page.getByRole('tree').waitFor();
  },
  hash: async (page) => {
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menu').waitFor();
  },
  zset: (page) => page.getByRole('button', { name: 'Add member' }).click(),
  list: (page) => page.getByRole('button', { name: 'Add element' }).click(),
  item: async (page) => {
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Edit flags' }).click();
  },
};

describe('Everyone can use the panels', function () {
  this.timeout(120_000);
  let browser: Browser;
  let axe: string;
  before(async () => {
    browser = await launchBrowser();
    axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
  });
  after(() => browser.close());

  it('value panel, every kind of value', async () => {
    for (const [name, snapshot] of Object.entries(valueStates)) {
      const { page, close } = await openValue(browser, snapshot());
      await check(page, name);
      await close();
    }
  });

  it('value panel, editing and in conflict', async () => {
    const host = new ValueHost(valueStates['hash']!());
    host.outcomes.push({ status: 'conflict', reason: 'changed', current: b64('theirs') });
    const { page, close } = await openValue(browser, host);
    await page.getByRole('button', { name: 'Edit TTL' }).click();
    await page.getByRole('textbox', { name: 'address' }).fill('mine');
    await page.getByRole('button', { name: 'Refresh' }).click();
    await check(page, 'asking');
    await page.getByRole('button', { name: 'Keep editing' }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('region', { name: 'Conflict' }).waitFor();
    await check(page, 'conflict');
    await close();
  });

  it('value panel, menus, tabs, trees and forms', async () => {
    for (const [state, act] of Object.entries(busy)) {
      const host = new ValueHost(valueStates[state]!());
      host.groups.push(waiting);
      const { page, close } = await openValue(browser, host);
      await act(page);
      await check(page, state);
      await close();
    }
  });

  it('governance panel, as it is found', async () => {
    for (const [name, make] of Object.entries(governanceStates)) {
      const { page, close } = await openGovernance(browser, make());
      await check(page, name);
      await close();
    }
    const narrow = await openGovernance(browser, governanceStates['over']!(), { width: 360 });
    await check(narrow.page, 'narrow');
    await narrow.close();
  });

  it('governance panel, editing and purging', async () => {
    for (const host of [runningHost(), stoppedHost()]) {
      const { page, close } = await openGovernance(browser, host);
      await page.getByRole('button', { name: 'Edit policy of Timeline' }).click();
      await page.getByRole('textbox', { name: 'Days' }).fill('0');
      await page.getByRole('button', { name: 'Purge…', exact: true }).click();
      await check(page, 'choice and policy');
      await page.getByRole('button', { name: 'Preview' }).click();
      await page.getByRole('textbox', { name: 'Type the number of records' }).fill('74580');
      await check(page, 'preview');
      await page.getByRole('button', { name: 'Purge 74,580 records' }).click();
      await page.getByRole('button', { name: /^(Retry|Cancel purge)/ }).waitFor();
      await check(page, 'running or stopped');
      await close();
    }
  });

  it('connection editor', async () => {
    const host = new ConnectionHost(formOf({ name: '', tlsVerify: false }));
    const { page, close } = await openConnection(browser, host);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Give the connection a name.').waitFor();
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByRole('region', { name: 'Test result' }).waitFor();
    await check(page, 'refused');
    await close();
  });

  /** Looks for what shuts somebody out, in every kind of theme. */
  async function check(page: Page, what: string): Promise<void> {
    await page.evaluate(axe);
    for (const theme of themeKinds) {
      await changeTheme(page, theme);
      assert.equal(await grave(page), '', `${what}, ${theme}`);
    }
  }
});

async function grave(page: Page): Promise<string> {
  const violations = await page.evaluate<AxeResults['violations']>(
    'axe.run({ resultTypes: ["violations"] }).then((results) => results.violations)',
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(told).join('\n   ')}`)
    .join('\n');
}

function told({ html, any }: NodeResult): string {
  return `${html.slice(0, 160)} — ${any.map(({ message }) => message).join(' ')}`;
}
