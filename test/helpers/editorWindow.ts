import { errors, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { editorAddress } from './editorAddress';
import type { EditorServer } from './editorServer';
import { eventually } from './eventually';
import { insist } from './insist';
import { photograph, watchPage } from './openPages';

const startMs = 30_000;
const paletteMs = 3000;
/** How long a toast is waited for before the notification center is opened. */
const toastMs = 5000;

/** One VS Code window, driven the way a person drives it; `page` is there for everything else. */
export class EditorWindow {
  private constructor(
    /** The Playwright page the workbench runs in. */
    readonly page: Page,
    /** What the page and its extension host wrote to the console, oldest first. */
    readonly consoleLines: readonly string[],
  ) {}

  /** Loads the workbench on a folder and waits until it takes input. */
  static async open(page: Page, server: EditorServer, folder: string): Promise<EditorWindow> {
    const lines: string[] = [];
    watchPage(page);
    page.on('console', (message) => lines.push(message.text()));
    await page.goto(editorAddress(server, folder));
    await page.locator('.monaco-workbench .activitybar [role="tab"]').first().waitFor({ timeout: startMs });
    await page.locator('.statusbar [id="status.host"]').waitFor({ timeout: startMs });
    return new EditorWindow(page, lines);
  }

  /** An item of the activity bar whose label starts with `name`. */
  activity(name: string): Locator {
    return this.page
      .locator(`.activitybar [role="tab"] [aria-label^="${name}"], .activitybar [aria-label^="${name}"]`)
      .first();
  }

  /** Shows the view container of that name. */
  async openView(name: string): Promise<void> {
    const title = this.page.locator('.sidebar .composite.title').getByText(name, { exact: false }).first();
    // a click on the icon of the view that is shown would hide it
    await insist(
      async () => {
        if (!(await title.isVisible())) await this.activity(name).click({ timeout: paletteMs });
      },
      () => title.waitFor({ timeout: paletteMs }),
    );
  }

  /** Runs a command by its palette title, category included (`Cachify: Add Connection`). */
  async command(title: string): Promise<void> {
    // The palette closes when something else takes the focus.
    await insist(
      async () => {
        await this.page.keyboard.press('F1');
        await this.quickInput().fill(`>${title}`, { timeout: paletteMs });
      },
      () => this.quickItem(title).click({ timeout: paletteMs }),
    );
  }

  /** The text box of the open quick input or quick pick. */
  quickInput(): Locator {
    return this.page.locator('.quick-input-widget .quick-input-box input').first();
  }

  /** A row of the open quick pick. */
  quickItem(text: string | RegExp): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: text }).first();
  }

  /** Picks a row of the open quick pick. */
  async pick(text: string | RegExp): Promise<void> {
    await this.quickItem(text).click();
  }

  /** Types into the open input box and accepts it. */
  async type(text: string): Promise<void> {
    const input = this.quickInput();
    await input.waitFor();
    await insist(
      () => input.fill(text, { timeout: paletteMs }),
      // a box that is just being drawn puts its own value over what was typed
      async () => {
        await input.evaluate(nextFrames);
        if ((await input.inputValue()) !== text) throw new errors.TimeoutError('The input was overwritten');
      },
    );
    await input.press('Enter');
  }

  /** A tree item by its label, or by a part of its accessible name. */
  treeItem(name: string | RegExp): Locator {
    return this.page.getByRole('treeitem', { name }).first();
  }

  /** A button of the modal dialog. */
  dialogButton(name: string | RegExp): Locator {
    return this.page.locator('.monaco-dialog-box').getByRole('button', { name });
  }

  /** The modal dialog that is open. */
  dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /**
   * Waits until the person is told `text`. The editor shows no more than two toasts in 800 ms; what comes on top of
   * them stands in the notification center, behind the bell.
   */
  async told(text: string | RegExp): Promise<void> {
    const { page } = this;
    const toast = page.locator('.notifications-toasts .notification-list-item').filter({ hasText: text });
    const kept = page.locator('.notifications-center .notification-list-item').filter({ hasText: text });
    const shown = (): Promise<void> => toast.or(kept).first().waitFor({ timeout: toastMs });
    await shown().catch(async () => {
      const bell = page.locator('.statusbar [id="status.notifications"]');
      await bell.click();
      await shown();
      // left open, it would cover what the person does next
      await bell.click();
      await page.locator('.notifications-center.visible').waitFor({ state: 'hidden' });
    });
  }

  /** Where clicks would lead that the editor made of text in its messages, lists, input boxes, dialogs, hovers, tree and status bar. */
  async madeLinks(): Promise<string[]> {
    const parts = [
      '.notifications-toasts',
      '.notifications-center',
      '.quick-input-widget',
      '.monaco-dialog-box',
    ];
    const links = [...parts, '.workbench-hover', '.sidebar', '.statusbar']
      .map((part) => `${part} a[href]`)
      .join(', ');
    const targets = await this.page.locator(links).evaluateAll(hrefs);
    return targets.filter((target) => target !== '' && target !== '#');
  }

  /** A status bar entry that contains `text`. */
  statusBar(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item').filter({ hasText: text });
  }

  /** The document of a webview: of the one whose frame or document has that title, else of the first. */
  async webview(title?: string): Promise<FrameLocator> {
    return eventually(
      `a webview ${title ?? ''}`,
      async () => {
        for (const outer of await this.page.locator('iframe.webview.ready').all()) {
          const holder = outer.contentFrame();
          if (await isTitled(holder, title)) return holder.frameLocator('#active-frame');
        }
        return undefined;
      },
      startMs,
    );
  }

  /** Saves what the window shows as artifacts/screenshots/<name>.png. */
  async screenshot(name: string): Promise<void> {
    await photograph(this.page, name);
  }
}

/** Runs in the page. */
function hrefs(links: Element[]): string[] {
  return links.map((link) => link.getAttribute('href') ?? '');
}

/** Runs in the page: gives what is about to be drawn the time to be. */
function nextFrames(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });
}

async function isTitled(holder: FrameLocator, title: string | undefined): Promise<boolean> {
  const frame = holder.locator('#active-frame');
  if ((await frame.count()) === 0) return false;
  if (title === undefined || (await frame.getAttribute('title')) === title) return true;
  const documentTitle = holder.frameLocator('#active-frame').locator('head > title');
  return (await documentTitle.count()) > 0 && (await documentTitle.first().textContent()) === title;
}
