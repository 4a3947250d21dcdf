import type { Page } from 'playwright-core';
import { eventually } from './eventually';

/** Longest wait for the editor to store its state: in a browser it does so every few seconds. */
const storedMs = 30_000;

/**
 * Waits until the editor has stored, for the next load of its window, a state that holds this text. What it had not
 * stored by then is not restored, whatever else it kept.
 */
export async function stateHolds(page: Page, text: string): Promise<void> {
  await eventually(
    `the editor stored ${text}`,
    async () => (await page.evaluate(isStored, text)) || undefined,
    storedMs,
  );
}

/** Runs in the page: looks through what the workbench keeps in the browser's database. */
async function isStored(text: string): Promise<boolean> {
  const answer = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.addEventListener('success', () => resolve(request.result));
      request.addEventListener('error', () => reject(new Error('The state could not be read')));
    });
  for (const { name } of await indexedDB.databases()) {
    if (!name?.startsWith('vscode-web-state-db')) continue;
    const database = await answer(indexedDB.open(name));
    const stores = [...database.objectStoreNames];
    const reads = stores.map((store) => answer(database.transaction(store).objectStore(store).getAll()));
    const values: unknown[] = (await Promise.all(reads)).flat();
    database.close();
    if (values.some((value) => String(value).includes(text))) return true;
  }
  return false;
}
