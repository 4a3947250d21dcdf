import type { FrameLocator, Locator } from 'playwright-core';
import type { EditorWindow } from './editorWindow';
import { insist } from './insist';
import { ValuePage } from './valuePage';

/** Longest wait for the effect of a click before it is tried again, milliseconds. */
const effectMs = 2000;

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
    await this.note('Not connected — click to connect').click();
    await this.place('database 0', name).waitFor();
  }

  /** Runs a command of an item's context menu. */
  async menu(item: Locator, command: string): Promise<void> {
    await item.click({ button: 'right' });
    const entry = this.window.page.getByRole('menuitem', { name: command, exact: true });
    await entry.waitFor();
    await insist(
      () => entry.click({ delay: menuOpensMs }),
      () => entry.waitFor({ state: 'hidden', timeout: effectMs }),
    );
  }

  /** Runs a command of Cachify from the palette, by its title without the category. */
  run(title: string): Promise<void> {
    return this.window.command(`Cachify Studio: ${title}`);
  }

  /** Opens a key of a place by its exact name, without the tree. */
  async openByName(place: Locator, key: string, environment = 'DEV'): Promise<ValuePage> {
    await this.menu(place, 'Open key by name…');
    await this.window.type(key);
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
      () => item.click(),
      () => turned.waitFor({ timeout: effectMs }),
    );
  }

  private item(start: string): Locator {
    return this.window.page.getByRole('treeitem', { name: new RegExp(`^${escaped(start)}`) }).first();
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
