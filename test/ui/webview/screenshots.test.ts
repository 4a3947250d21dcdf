import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { valueEvents, valueMethods } from '../../../src/protocol/value';
import { launchBrowser } from '../../helpers/browser';
import { artifacts } from '../../helpers/repository';
import { openSurface } from './surfacePage';
import { type ThemeKind, themeKinds } from './themes';
import { ValueHost } from './valueHost';
import { valueStates } from './valueStates';

const folder = join(artifacts, 'webview');
const widths = [360, 1300];

describe('Pictures of the panels for whoever looks', function () {
  this.timeout(120_000);
  let browser: Browser;
  before(async () => {
    mkdirSync(folder, { recursive: true });
    browser = await launchBrowser();
  });
  after(() => browser.close());

  for (const [name, snapshot] of Object.entries(valueStates)) {
    it(`shows the value panel, ${name}, in four themes and two widths`, async () => {
      for (const theme of themeKinds)
        for (const width of widths) await picture(name, snapshot(), theme, width);
    });
  }

  async function picture(
    name: string,
    snapshot: ReturnType<(typeof valueStates)[string]>,
    theme: ThemeKind,
    width: number,
  ) {
    const { handlers } = new ValueHost(snapshot);
    const options = {
      bundle: 'value',
      methods: valueMethods,
      events: valueEvents,
      handlers,
      theme,
      width,
      height: 700,
    };
    const surface = await openSurface(browser, options);
    await surface.page.getByRole('heading', { level: 1, name: snapshot.header.keyLabel }).waitFor();
    await surface.page.screenshot({ path: join(folder, `value-${name}-${theme}-${width}.png`) });
    await surface.close();
  }
});
