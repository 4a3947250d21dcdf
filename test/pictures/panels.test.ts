import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../helpers/browser';
import { artifacts } from '../helpers/repository';
import { ConnectionHost, formOf } from '../ui/webview/connectionHost';
import {
  type GovernanceHost,
  governanceStates,
  runningHost,
  stoppedHost,
} from '../ui/webview/governanceHost';
import { openConnection, openGovernance, openValue } from '../ui/webview/openPanels';
import { changeTheme, themeKinds } from '../ui/webview/themes';
import { b64, ValueHost } from '../ui/webview/valueHost';
import { valueStates } from '../ui/webview/valueStates';

const folder = join(artifacts, 'webview');
const widths = [360, 1300];
type Act = (page: Page) => Promise<void>;

const stay: Act = async () => undefined;
const edit: Act = async (page) => {
  await page.getByRole('textbox', { name: 'address' }).fill('{"city":"Potsdam"}');
};
const purge: Act = async (page) => {
  await page.getByRole('button', { name: 'Purge…', exact: true }).click();
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByRole('textbox', { name: 'Type the number of records' }).fill('74580');
};
const save: Act = async (page) => {
  await edit(page);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
};

describe('Pictures of the panels for whoever looks', function () {
  this.timeout(60_000);
  let browser: Browser;
  before(async () => {
    mkdirSync(folder, { recursive: true });
    browser = await launchBrowser();
  });
  after(() => browser.close());

  for (const name of Object.keys(valueStates)) value(name, name, stay);
  value('edited', 'hash', edit);
  value('ttl', 'hash', async (page) => page.getByRole('button', { name: 'Edit TTL' }).click());
  value('adding', 'hash', async (page) => page.getByRole('button', { name: 'Add field' }).click());
  value('groups', 'stream', async (page) => page.getByRole('tab', { name: 'Groups (2)' }).click());
  value('entry', 'stream', async (page) => page.getByRole('button', { name: 'Add entry' }).click());
  value('tree', 'json', async (page) => {
    await page.getByRole('combobox', { name: 'View' }).click();
    await page.getByRole('option', { name: 'Tree' }).click();
  });
  value('menu', 'item', async (page) => page.getByRole('button', { name: 'More', exact: true }).click());
  value('discard', 'hash', async (page) => {
    await edit(page);
    await page.getByRole('button', { name: 'Refresh' }).click();
  });
  value('conflict', 'hash', async (page) => {
    await save(page);
    await page.getByRole('region', { name: 'Conflict' }).waitFor();
  });
  connection('redis', new ConnectionHost(), stay);
  connection('report', new ConnectionHost(), async (page) => {
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByRole('region', { name: 'Test result' }).waitFor();
  });
  connection('refused', new ConnectionHost(formOf({ name: '', tlsVerify: false }), 'new'), async (page) => {
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Give the connection a name.').waitFor();
  });
  connection(
    'sasl',
    new ConnectionHost(
      formOf({
        engine: 'memcached',
        authMethod: 'sasl',
        endpoints: [1, 2].map((at) => ({
          kind: 'tcp' as const,
          host: `mc${at}.internal`,
          port: '11211',
          path: '',
        })),
      }),
    ),
    stay,
  );

  for (const name of Object.keys(governanceStates)) governance(name, governanceStates[name]!, stay);
  governance('policy', governanceStates['full']!, async (page) => {
    await page.getByRole('button', { name: 'Edit policy of Timeline' }).click();
    await page.getByRole('textbox', { name: 'Days' }).fill('0');
  });
  governance('choice', governanceStates['full']!, async (page) =>
    page.getByRole('button', { name: 'Purge…', exact: true }).click(),
  );
  governance('preview', runningHost, purge);
  governance('running', runningHost, async (page) => {
    await purge(page);
    await page.getByRole('button', { name: 'Purge 74,580 records' }).click();
    await page.getByRole('progressbar').waitFor();
  });
  governance('stopped', stoppedHost, async (page) => {
    await purge(page);
    await page.getByRole('button', { name: 'Purge 74,580 records' }).click();
    await page.getByRole('button', { name: /^Retry/ }).waitFor();
  });

  function governance(name: string, make: () => GovernanceHost, act: Act): void {
    it(`shows governance, ${name}`, async () => {
      await inAllLooks(`governance-${name}`, async (look) => {
        const surface = await openGovernance(browser, make(), { ...look, height: 900 });
        await act(surface.page);
        return surface;
      });
    });
  }

  function value(name: string, state: string, act: Act): void {
    it(`shows the value panel, ${name}`, async () => {
      await inAllLooks(`value-${name}`, async (look) => {
        const host = new ValueHost(valueStates[state]!());
        if (name === 'conflict') {
          host.outcomes.push({
            status: 'conflict',
            reason: 'changed',
            current: b64('{"city":"Hamburg","zip":"20095"}'),
          });
        }
        const surface = await openValue(browser, host, look);
        await act(surface.page);
        return surface;
      });
    });
  }

  function connection(name: string, host: ConnectionHost, act: Act): void {
    it(`shows the connection editor, ${name}`, async () => {
      await inAllLooks(`connection-${name}`, async (look) => {
        const surface = await openConnection(browser, host, look);
        await act(surface.page);
        return surface;
      });
    });
  }

  async function inAllLooks(
    name: string,
    open: (look: { width: number; height: number }) => Promise<{ page: Page; close: () => Promise<void> }>,
  ): Promise<void> {
    for (const width of widths) {
      const { page, close } = await open({ width, height: 700 });
      await page.evaluate(() => document.fonts.ready.then(() => undefined));
      for (const theme of themeKinds) {
        await changeTheme(page, theme);
        await page.screenshot({ path: join(folder, `${name}-${theme}-${width}.png`) });
      }
      await close();
    }
  }
});
