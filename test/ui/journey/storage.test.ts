import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HistoryEvent } from '../../../src/engine/kernel/history';
import { serverStoreFolder, withStore } from '../../helpers/extensionStore';
import { type Journey, editorMs, startJourney } from './journey';

const dayMs = 24 * 3_600_000;
const oldEvents = 400;

/** Events of the past, the first half of them older than a week and younger than the retention of a month. */
function event(index: number): HistoryEvent {
  const age = index < oldEvents / 2 ? 20 * dayMs : dayMs;
  return {
    id: `old-${index}`,
    timestamp: Date.now() - age,
    source: 'app',
    action: 'key.delete',
    keyOrPattern: `user:${index}`,
    durationMs: 1,
    status: 'success',
    attempts: 1,
    correlationId: `old-${index}`,
  };
}

describe('a person who looks after what is stored', function () {
  this.timeout(editorMs);
  let journey: Journey;
  let folder: string;

  before(async () => {
    journey = await startJourney({ profiles: [{ name: 'Shop' }] });
    folder = serverStoreFolder(journey.editor.server.dataDir);
    await withStore(folder, (store) =>
      store.history.append(Array.from({ length: oldEvents }, (_, index) => event(index))),
    );
    await journey.view.connection('Shop').waitFor();
  });

  after(() => journey.stop());

  it('reads where the store is, who owns it and what it holds', async () => {
    const { window } = journey.view;
    await window.command('Show Storage');
    const text = window.page.locator('.editor-instance .view-lines');
    await text.filter({ hasText: /this\swindow\s\(process\s\d+/ }).waitFor();
    await window.screenshot('journey-storage');
  });

  it('backs it up and verifies it', async () => {
    const { window } = journey.view;
    await window.command('Back Up Now');
    await window.told(/Backed up to backup-manual-.*\.sqlite/);
    const backups = (await readdir(folder)).filter((name) => name.startsWith('backup-manual-'));
    assert.equal(backups.length, 1);
    await window.command('Verify Store');
    await window.told('The store is sound.');
    await window.screenshot('journey-verify');
  });

  it('exports the history as lines', async () => {
    const { window } = journey.view;
    const file = join(folder, '..', 'cachify-history.jsonl');
    await window.command('Export History');
    await window.type(file);
    await window.told(/events of the history exported/);
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    const ids = lines.map((line) => (JSON.parse(line) as { id: string }).id);
    assert.deepEqual(
      ids.slice(0, oldEvents),
      Array.from({ length: oldEvents }, (_, index) => `old-${index}`),
    );
  });

  it('purges what is older than a week, by a number typed, and the disk has its room back', async () => {
    const { window } = journey.view;
    await window.command('Open Governance');
    const page = await window.webview('Governance');
    await page.getByRole('button', { name: 'Purge Timeline…' }).click();
    await page.getByRole('textbox', { name: 'Days' }).fill('7');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('heading', { name: 'Purge 200 records?' }).waitFor();
    await window.screenshot('journey-purge');
    const purge = page.getByRole('button', { name: 'Purge 200 records' });
    assert.ok(await purge.isDisabled());
    await page.getByRole('textbox', { name: /Type the number of records/ }).fill('200');
    await purge.click();
    await page.getByRole('heading', { name: 'The purge is done' }).waitFor();
    await window.screenshot('journey-purged');
    await withStore(folder, async (store) => {
      const ids = (await store.history.list({ limit: 1000 })).map(({ id }) => id);
      const old = ids.filter((id) => id.startsWith('old-'));
      assert.deepEqual(
        old.reverse(),
        Array.from({ length: 200 }, (_, index) => `old-${index + 200}`),
      );
    });
  });
});
