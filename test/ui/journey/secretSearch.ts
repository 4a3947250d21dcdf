import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** The files below a folder that hold `secret`, as text or as base64. */
export async function filesWith(folder: string, secret: string): Promise<string[]> {
  const needles = [Buffer.from(secret), Buffer.from(Buffer.from(secret).toString('base64').slice(0, -4))];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    if (!entry.isFile() || entry.parentPath.includes('extensions')) continue;
    const file = join(entry.parentPath, entry.name);
    const content = await readFile(file);
    if (needles.some((needle) => content.includes(needle))) found.push(file);
  }
  return found;
}

/** Whether any frame of a page holds `secret` in its markup or in a field. */
export async function pageHolds(page: Page, secret: string): Promise<boolean> {
  const frames = await Promise.all(
    page.frames().map((frame) =>
      frame.evaluate(() => {
        const fields = [...document.querySelectorAll('input, textarea')];
        const values = fields.map((field) => ('value' in field ? String(field.value) : ''));
        return `${document.documentElement.outerHTML} ${values.join(' ')}`;
      }),
    ),
  );
  return frames.some((text) => text.includes(secret));
}
