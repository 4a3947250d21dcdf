import type { FrameLocator, Locator } from 'playwright-core';
import type { EditorWindow } from './editorWindow';
import { eventually } from './eventually';
import { insist } from './insist';
import { ValuePage } from './valuePage';

/** Longest wait for the effect of a click before it is tried again, milliseconds. */
const effectMs = 2000;

/** A place whose keys arrive is drawn anew this often at most, milliseconds. */
const redrawMs = 300;

/** A menu takes no mouse button that is let go in its first moments, milliseconds. */
const menuOpensMs = 150;

/** The Cachify view of a window in the words of its tree, used the way a person uses it. */
export class CachifyView {
  private constructor(readonly window: EditorWindow) {}

  /** Shows the view by its icon in the activity bar. */
  static async show(window: EditorWindow): Promise<CachifyView> {
    await window.openView('Cachify');
    return new CachifyView(window);
  }

  connection(name: string): Locator {
    return this.item(`connection ${name},`);
  }

  /** A database (`database 0`) or a namespace of a connection. */
  place(name: string, connection: string): Locator {
    return this.item(`${name} of ${connection},`);
  }

  /** A folder by its whole prefix, delimiter included. */
  folder(prefix: string): Locator {
    return this.item(`folder ${prefix},`);
  }

  /** A key by its whole name. */
  key(name: string): Locator {
    return this.item(`key ${name},`);
  }

  /** A line of text in the tree: progress, an empty level, a failure. */
  note(text: string): Locator {
    return this.window.page.getByRole('treeitem', { name: new RegExp(escaped(text)) }).first();
  }

  /** Expands an item unless it is expanded. */
  expand(item: Locator): Promise<void> {
    return this.turn(item, 'true');
  }

  /** Collapses an item unless it is collapsed: what is below comes into view. */
  collapse(item: Locator): Promise<void> {
    return this.turn(item, 'false');
  }

  /** Expands a connection and connects it by the line it shows while it is not connected. */
  async connect(name: string): Promise<void> {
    await this.expand(this.connection(name));
    // a Redis connection leads to its databases, one of Memcached to its items
    const place = this.place('database 0', name).or(this.place('items', name));
    await this.follow('Not connected — click to connect', place.first());
  }

  /** Clicks a line of the tree until what it leads to is there: a line that is just drawn anew takes no click. */
  async follow(text: string, shown: Locator): Promise<void> {
    await insist(
      async () => {
        if (!(await shown.isVisible())) await this.note(text).click({ timeout: effectMs });
      },
      () => shown.waitFor({ timeout: effectMs }),
    );
  }

  /** Opens a key by a click in the tree. */
  async open(name: string, environment = 'DEV'): Promise<ValuePage> {
    await insist(
      async () => {
        await this.stands();
        await this.key(name).click({ timeout: effectMs });
      },
      () => this.tab(name, environment).waitFor({ timeout: effectMs }),
    );
    return this.value(name, environment);
  }

  private tab(name: string, environment: string): Locator {
    return this.window.page.locator('.tab.active').filter({ hasText: `${name} · ${environment}` });
  }

  /** Rests the mouse on an item until what it tells of itself, with `text` in it, is shown. */
  async hover(item: Locator, text: string): Promise<void> {
    const { page } = this.window;
    const told = page.locator('.workbench-hover, .monaco-hover').filter({ hasText: text });
    await insist(
      async () => {
        await page.mouse.move(0, 0);
        await item.locator('.label-name').first().hover();
      },
      () => told.first().waitFor({ timeout: effectMs }),
    );
  }

  /** Runs a command of an item's context menu. */
  async menu(item: Locator, command: string): Promise<void> {
    const { page } = this.window;
    const entry = page.getByRole('menuitem', { name: new RegExp(`^${escaped(command)}`) });
    await insist(
      () => this.openMenu(item),
      async () => {
        await entry.waitFor({ timeout: effectMs });
        // Rows move while keys arrive: the menu must be that of the item.
        await item.and(page.locator('.focused')).waitFor({ timeout: effectMs });
      },
    );
    await insist(
      () => entry.click({ delay: menuOpensMs }),
      () => entry.waitFor({ state: 'hidden', timeout: effectMs }),
    );
  }

  private async openMenu(item: Locator): Promise<void> {
    const { page } = this.window;
    await this.stands();
    // left over from an act that had no effect, and in the way
    const left = page.locator('.monaco-menu-container .monaco-menu, .quick-input-widget');
    if (await left.filter({ visible: true }).first().isVisible()) await page.keyboard.press('Escape');
    await item.click({ button: 'right', timeout: effectMs });
  }

  /** Runs a command of an item's context menu that asks for one of several, and takes that one. */
  async menuChoice(item: Locator, command: string, choice: string): Promise<void> {
    // A list closes when something else takes the focus, as the end of a scan may.
    await insist(
      () => this.menu(item, command),
      () => this.window.quickItem(choice).click({ timeout: effectMs }),
    );
  }

  /** Runs a command of Cachify from the palette, by its title without the category. */
  run(title: string): Promise<void> {
    return this.window.command(`Cachify Studio: ${title}`);
  }

  /** Answers the question that asks `prompt` (a part of it): several may follow one another. */
  async answer(prompt: string, text: string): Promise<void> {
    await this.question(prompt).waitFor();
    await this.window.type(text);
  }

  /** The open question whose title or prompt holds this text. */
  question(prompt: string): Locator {
    return this.window.page.locator('.quick-input-widget').filter({ hasText: prompt });
  }

  /** Opens a key of a place by its exact name, without the tree. */
  async openByName(place: Locator, key: string, environment = 'DEV'): Promise<ValuePage> {
    // A question closes when something else takes the focus, as an editor that is just opening may; of a place that
    // is just drawn anew the command is not told, and it asks for one under the same title.
    await insist(
      async () => {
        // one that came late is the one that was asked for
        if (!(await this.question('Name of the key.').isVisible()))
          await this.menu(place, 'Open key by name…');
      },
      () => this.question('Name of the key.').waitFor({ timeout: effectMs }),
    );
    await this.answer('Name of the key.', key);
    return this.value(key, environment);
  }

  /** The value panel of a key that was opened, once it shows the value. */
  async value(key: string, environment = 'DEV'): Promise<ValuePage> {
    const frame = await this.window.webview(`${key} · ${environment}`);
    const page = new ValuePage(this.window.page, frame, key);
    await page.isLoaded();
    return page;
  }

  /** The connection editor with this title, once its form is there. */
  async editor(title: string): Promise<FrameLocator> {
    const frame = await this.window.webview(title);
    await frame.locator('.form').waitFor();
    return frame;
  }

  private async turn(item: Locator, expanded: 'true' | 'false'): Promise<void> {
    await item.waitFor();
    if ((await item.getAttribute('aria-expanded')) === expanded) return;
    const turned = item.and(this.window.page.locator(`[aria-expanded="${expanded}"]`));
    await insist(
      async () => {
        await this.stands();
        await item.click({ timeout: effectMs });
      },
      () => turned.waitFor({ timeout: effectMs }),
    );
  }

  /** Waits until the rows stay where they are: a click on one that moves would hit another. */
  private async stands(): Promise<void> {
    let rows: string | undefined;
    let since = 0;
    await eventually('the tree stands still', async () => {
      const now = await this.window.page.getByRole('treeitem').evaluateAll(labels);
      if (now !== rows) [rows, since] = [now, Date.now()];
      return Date.now() - since > redrawMs ? true : undefined;
    });
  }

  private item(start: string): Locator {
    return this.window.page.getByRole('treeitem', { name: new RegExp(`^${escaped(start)}`) }).first();
  }
}

function labels(rows: Element[]): string {
  return rows.map((row) => row.getAttribute('aria-label')).join('\n');
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
