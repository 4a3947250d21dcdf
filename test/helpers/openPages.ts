import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { artifacts } from './repository';

const pages = new Set<Page>();

/** Has the page photographed when a test fails while it is open. */
export function watchPage(page: Page): void {
  pages.add(page);
  page.once('close', () => pages.delete(page));
}

/** Saves what a page shows as artifacts/screenshots/<name>.png. */
export async function photograph(page: Page, name: string): Promise<void> {
  const folder = join(artifacts, 'screenshots');
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** Mocha root hooks: a failing test leaves pictures of the windows it had open. */
export const mochaHooks = {
  async afterEach(this: Mocha.Context): Promise<void> {
    const test = this.currentTest;
    if (test?.state !== 'failed') return;
    const name = test.fullTitle().replaceAll(/[^a-z0-9]+/gi, '-');
    await Promise.all([...pages].map((page, index) => photograph(page, `failed-${name}-${index + 1}`)));
  },
};
