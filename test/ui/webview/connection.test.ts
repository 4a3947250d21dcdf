import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import type { ConnectionForm, TestReportDto } from '../../../src/protocol/connectionEditor';
import { launchBrowser } from '../../helpers/browser';
import { eventually } from '../../helpers/eventually';
import { ConnectionHost, formOf, report } from './connectionHost';
import { openConnection } from './openPanels';

describe('The connection editor', function () {
  this.timeout(20_000);
  let browser: Browser;
  let open: Awaited<ReturnType<typeof openConnection>>;
  before(async () => (browser = await launchBrowser()));
  after(() => browser.close());
  afterEach(async () => {
    assert.deepEqual(open.complaints, [], 'the page complained');
    await open.close();
  });

  const start = async (host = new ConnectionHost()) => {
    open = await openConnection(browser, host);
    return open.page;
  };
  const button = (name: string) => open.page.getByRole('button', { name, exact: true });
  const becomes = (name: string, disabled: boolean) =>
    eventually(`${name} is ${disabled ? 'off' : 'on'}`, async () =>
      (await button(name).isDisabled()) === disabled ? true : undefined,
    );
  const saved = async (): Promise<ConnectionForm> => {
    while (open.host.saved.length === 0) await open.page.waitForTimeout(20);
    return open.host.saved[0]!.form;
  };

  it('sends back untouched what it was given', async () => {
    await start();
    await button('Save').click();
    assert.deepEqual(await saved(), formOf());
    assert.equal(open.host.saved[0]!.connect, false);
  });

  it('shows in each choice what the form says', async () => {
    const page = await start();
    for (const [name, value] of [
      ['Engine', 'redis'],
      ['Environment', 'prod'],
      ['Waits', 'exponential'],
      ['Password', 'stored'],
    ] as const) {
      const choice = page.getByRole('combobox', { name, exact: true });
      assert.equal(await choice.evaluate((element) => Reflect.get(element, 'value') as unknown), value, name);
    }
  });

  it('saves what was typed and chosen, and connects', async () => {
    const page = await start();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('sessions');
    await page.getByRole('textbox', { name: 'Host' }).fill('10.0.0.7');
    await page.getByRole('checkbox', { name: 'Read-only', exact: true }).click();
    await page.getByRole('combobox', { name: 'Environment' }).click();
    await page.getByRole('option', { name: 'Staging' }).click();
    await button('Save and connect').click();
    const form = await saved();
    assert.deepEqual(
      [form.name, form.endpoints[0]?.host, form.readOnly, form.environment],
      ['sessions', '10.0.0.7', false, 'staging'],
    );
    assert.equal(open.host.saved[0]!.connect, true);
  });

  it('says what is wrong with a field once it was left, and not before', async () => {
    const page = await start(new ConnectionHost(formOf({ name: '' }), 'new'));
    const port = page.getByRole('textbox', { name: 'Port' });
    await port.fill('abc');
    await page.waitForTimeout(500);
    assert.equal(await page.getByText('Enter a port').count(), 0);
    await port.blur();
    await page.getByText('Enter a port from 1 to 65535.').waitFor();
    assert.equal(await port.getAttribute('aria-description'), 'Enter a port from 1 to 65535.');
    assert.equal(await port.getAttribute('aria-invalid'), 'true');
    assert.equal(await page.getByText('Give the connection a name.').count(), 0);
  });

  it('refuses to save with problems, shows all and goes to the first', async () => {
    const page = await start(new ConnectionHost(formOf({ name: '' }), 'new'));
    await button('Save').click();
    await page.getByText('Give the connection a name.').waitFor();
    await page.waitForFunction(() => document.activeElement?.id === 'field-name');
    assert.equal(open.host.saved.length, 0);
  });

  it('offers Memcached several servers and SASL, and Redis a database', async () => {
    const page = await start();
    await page.getByRole('combobox', { name: 'Engine' }).click();
    await page.getByRole('option', { name: 'Memcached' }).click();
    assert.equal(await page.getByRole('textbox', { name: 'Database' }).count(), 0);
    await button('Add server').click();
    const hosts = page.getByRole('textbox', { name: 'Host' });
    assert.equal(await hosts.count(), 2);
    await hosts.nth(1).fill('second');
    await button('Save').click();
    const form = await saved();
    assert.deepEqual(
      form.endpoints.map(({ host, port }) => `${host}:${port}`),
      ['cache.internal:11211', 'second:11211'],
    );
  });

  it('reaches a server by a Unix socket', async () => {
    const page = await start();
    await page.getByRole('combobox', { name: 'Reach it by' }).click();
    await page.getByRole('option', { name: 'Unix socket' }).click();
    await page.getByRole('textbox', { name: 'Socket path' }).fill('/run/redis.sock');
    await button('Save').click();
    assert.deepEqual((await saved()).endpoints[0], {
      kind: 'unix',
      host: 'cache.internal',
      port: '6379',
      path: '/run/redis.sock',
    });
  });

  it('refuses SASL together with TLS where it is chosen', async () => {
    const page = await start(
      new ConnectionHost(formOf({ engine: 'memcached', authMethod: 'sasl', dbIndex: '0' })),
    );
    assert.equal(await page.getByText('SASL together with TLS is not available').count(), 2);
    for (const name of ['Test', 'Save', 'Save and connect']) await becomes(name, true);
    await page.getByRole('checkbox', { name: 'Encrypt the connection with TLS' }).click();
    await becomes('Save', false);
  });

  it('warns loudly when the certificate is not verified', async () => {
    const page = await start();
    await page.getByRole('checkbox', { name: 'Verify the certificate of the server' }).click();
    await page.getByRole('alert').filter({ hasText: 'Verification is off' }).waitFor();
  });

  it('never sees a password: it only knows whether there is one', async () => {
    const page = await start();
    await page.getByText('Password: not set').waitFor();
    await button('Set password…').click();
    await page.getByText('Password: saved').waitFor();
    await button('Forget password').click();
    await page.getByText('Password: not set').waitFor();
    assert.deepEqual(open.requests('connection/enterSecret'), [{ which: 'password' }]);
    assert.equal(await page.locator('input[type=password]').count(), 0);
  });

  it('says at once that a password has to be entered again for another server, until it is', async () => {
    const host = new ConnectionHost();
    host.savedFor = 'cache.internal';
    host.held = { ...host.held, hasPassword: true };
    const page = await start(host);
    const notice = page.getByRole('alert').filter({ hasText: 'enter it again' });
    await page.getByRole('textbox', { name: 'Host' }).fill('10.0.0.7');
    await notice.waitFor();
    await button('Change password…').click();
    await notice.waitFor({ state: 'detached' });
  });

  it('picks and clears files through the host', async () => {
    const page = await start();
    await button('Choose certificate…').click();
    await page.getByText('certificateFile.pem').waitFor();
    await button('Clear authority').click();
    await page.getByText('those of the system').waitFor();
  });

  it('fills the form from a URL the host asked for', async () => {
    const page = await start();
    await button('Paste URL…').click();
    await page.waitForFunction(
      () =>
        Reflect.get(document.getElementById('field-endpoints.0.host') ?? {}, 'value') === 'pasted.example',
    );
    await button('Save').click();
    assert.equal((await saved()).endpoints[0]?.port, '6380');
  });

  it('shows what a test found, also what is missing and why', async () => {
    const page = await start();
    await button('Test').click();
    const result = page.getByRole('region', { name: 'Test result' });
    for (const text of [report.headline, 'Valkey 8.1.3', 'is not allowed for user app (NOPERM)'])
      await result.getByText(text).waitFor();
  });

  it('can give up a test', async () => {
    const host = new ConnectionHost();
    host.testAnswer = new Promise<TestReportDto>(() => undefined);
    const page = await start(host);
    await button('Test').click();
    await page.getByText('Testing the connection…').waitFor();
    await button('Cancel').click();
    await page.getByText('Testing the connection…').waitFor({ state: 'hidden' });
    await becomes('Test', false);
  });

  it('goes to the field that made a test fail', async () => {
    const host = new ConnectionHost();
    host.testAnswer = {
      ok: false,
      headline: 'The name nowhere.internal is not known',
      lines: [],
      missing: [],
      field: 'endpoints.0.host',
    };
    const page = await start(host);
    await button('Test').click();
    await page.getByRole('alert').filter({ hasText: 'nowhere.internal' }).waitFor();
    await page.waitForFunction(() => document.activeElement?.id === 'field-endpoints.0.host');
  });
});
