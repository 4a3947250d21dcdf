import { strict as assert } from 'node:assert';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FakeRedis, startFakeRedis } from '../../helpers/fakeRedis';
import { type Journey, editorMs, startJourney } from './journey';

/** What the editor would make a link of that runs a command, and an icon. */
const bait = '[Fix](command:workbench.action.openGlobalSettings)';
const spinner = '$(sync~spin)';

/** The bait as it is shown: in words, and still to be recognised. */
const shown = '[Fix]\\x28command:workbench.action.openGlobalSettings)';

/** A server that refuses everything with the bait; once it is `charming` it answers what a test of a connection asks. */
async function startHostile(): Promise<FakeRedis & { charming: boolean }> {
  const state = { charming: false };
  const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
  const server = await startFakeRedis(([name = '', sub = '']) => {
    if (!state.charming) return `-ERR unknown user. ${bait}\r\n`;
    const command = `${name} ${sub}`.trim().toUpperCase();
    if (command === 'PING') return '+PONG\r\n';
    if (command === 'INFO') return bulk(`redis_version:7.0 ${bait}\r\nrole:${bait}\r\n`);
    if (command === 'ACL WHOAMI') return bulk(bait);
    if (name.toUpperCase() === 'SELECT' || name.toUpperCase() === 'CLIENT') return '+OK\r\n';
    return `-NOPERM ${bait} ${spinner}\r\n`;
  });
  return Object.assign(state, server);
}

describe('a person whose servers and neighbours are hostile', function () {
  this.timeout(editorMs);
  let journey: Journey;
  let hostile: Awaited<ReturnType<typeof startHostile>>;
  let folder: string;
  const place = () => journey.view.place('database 0', 'Shop');

  before(async () => {
    hostile = await startHostile();
    folder = await mkdtemp(join(tmpdir(), 'cachify-hostile-'));
    const endpoints = [{ kind: 'tcp', host: '127.0.0.1', port: hostile.port }] as const;
    journey = await startJourney({
      profiles: [{ name: 'Shop' }, { name: 'Evil', endpoints: [...endpoints] }],
    });
    await journey.view.connect('Shop');
  });

  after(async () => {
    await journey.stop();
    await hostile.close();
    await rm(folder, { recursive: true });
  });

  it('is told what a server said as text, not as a link', async () => {
    const { view } = journey;
    await view.menu(view.connection('Evil'), 'Test connection');
    await view.window.told(shown);
    await view.window.screenshot('journey-hostile-error');
    assert.deepEqual(await view.window.madeLinks(), []);
  });

  it('is told the version, user and refusals that a server makes up as text', async () => {
    const { view } = journey;
    hostile.charming = true;
    await view.menu(view.connection('Evil'), 'Test connection');
    await view.window.told(`7.0 ${shown}`);
    assert.deepEqual(await view.window.madeLinks(), []);
  });

  it('sees them as text on hover', async () => {
    const { view } = journey;
    await view.connect('Evil');
    await view.hover(view.connection('Evil'), `redis 7.0 ${shown}`);
    await view.window.screenshot('journey-hostile-hover');
    assert.deepEqual(await view.window.madeLinks(), []);
    hostile.charming = false;
  });

  it('is asked about a key by a name that is text', async () => {
    const { view, client } = journey;
    const { page } = view.window;
    const key = `${spinner}${bait}`;
    const label = `\\x24(sync~spin)${shown}`;
    await client.set(key, 'kept');
    await view.menu(place(), 'Refresh keys');
    await view.expand(place());
    await view.expand(view.folder(`${spinner}[Fix](command:`));
    await view.menu(view.key(key), 'Set time to live…');
    await view.question(label).waitFor();
    assert.deepEqual(await view.window.madeLinks(), []);
    await page.keyboard.press('Escape');
    await view.menu(view.key(key), 'Delete key…');
    await view.window.dialog().getByText(label).first().waitFor();
    assert.deepEqual(await view.window.madeLinks(), []);
    await view.window.dialogButton('Cancel').click();
    assert.equal(await client.get(key), 'kept');
  });

  it('is told of a document that cannot be saved by a name that is text', async () => {
    const { view, client } = journey;
    const { page } = view.window;
    await client.set(bait, 'first');
    await view.menu(place(), 'Refresh keys');
    await view.expand(view.folder('[Fix](command:'));
    await view.menu(view.key(bait), 'Open value as document');
    await page.locator('.editor-instance .view-lines').filter({ hasText: 'first' }).click();
    await page.keyboard.type('mine');
    await client.set(bait, 'other');
    await page.keyboard.press('Control+s');
    await view.window.told(/Failed to save/);
    assert.deepEqual(await view.window.madeLinks(), []);
    await view.window.command('File: Revert File');
  });

  it('is told of a file by a name that is text', async () => {
    const { view } = journey;
    const file = join(folder, `${bait}.txt`);
    await writeFile(file, 'SET only "half\n');
    await view.menu(place(), 'Import keys…');
    await view.answer('Import', file);
    await view.window.told(/Fix/);
    assert.deepEqual(await view.window.madeLinks(), []);
  });

  it('reads names of clients in the slow log as text', async () => {
    const { view, client } = journey;
    await client.config('SET', 'slowlog-log-slower-than', '0');
    await client.client('SETNAME', bait);
    await client.get('slow');
    await view.menu(view.connection('Shop'), 'Show server information');
    await view.window.pick('SLOWLOG');
    await view.window.page.locator('.editor-instance .view-lines').filter({ hasText: 'Fix' }).waitFor();
    assert.deepEqual(await view.window.page.locator('.editor-instance .detected-link').allInnerTexts(), []);
  });
});
