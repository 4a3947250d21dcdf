import type { FrameLocator, Locator, Page } from 'playwright-core';
import { eventually } from './eventually';

/** One value panel, used the way a person uses it. */
export class ValuePage {
  constructor(
    private readonly page: Page,
    readonly frame: FrameLocator,
    readonly key: string,
  ) {}

  /** Waits until the header names the key and a footer says when it was read. */
  async isLoaded(): Promise<void> {
    await this.frame.locator('.panel-header h1', { hasText: this.key }).waitFor();
    await this.frame.locator('.panel-footer', { hasText: 'loaded' }).waitFor();
  }

  /** The text of the value, or of the field that is chosen. */
  text(): Locator {
    return this.frame.locator('textarea.code-area');
  }

  /** Waits until this is the text: what the host or the editor decides reaches the page in a message of its own. */
  async shows(text: string): Promise<void> {
    await eventually(
      `${this.key} shows ${text}`,
      async () => (await this.text().inputValue()) === text || undefined,
    );
  }

  /** The line that says what is not saved. */
  unsaved(): Locator {
    return this.frame.locator('.footer-unsaved');
  }

  button(name: string): Locator {
    return this.frame.locator('vscode-button').and(this.frame.locator(`[aria-label="${name}"]`));
  }

  /** A row of the table, by a text it shows. */
  row(text: string): Locator {
    return this.frame.getByRole('row').filter({ hasText: text }).first();
  }

  /** Replaces the text in view as if it had been typed. */
  async write(text: string): Promise<void> {
    await this.text().fill(text);
    await this.isUnsaved();
  }

  /** Waits until something is unsaved. */
  async isUnsaved(): Promise<void> {
    await this.unsaved().filter({ hasText: 'Unsaved' }).waitFor();
  }

  /** Presses Ctrl+S in the text. */
  async pressSave(): Promise<void> {
    await this.text().press('Control+s');
  }

  /** Presses Ctrl+S and waits until nothing is unsaved. */
  async save(): Promise<void> {
    await this.pressSave();
    await this.isSaved();
  }

  /** Waits until nothing is unsaved: the server has answered, or what was typed was given up. */
  async isSaved(): Promise<void> {
    await this.unsaved().filter({ hasText: /^$/ }).waitFor({ state: 'attached' });
  }

  /** Closes the tab of the panel. */
  async close(): Promise<void> {
    await this.page
      .locator('.tab.active')
      .filter({ hasText: this.key.slice(0, 30) })
      .locator('.tab-actions .action-label')
      .first()
      .click();
  }
}
