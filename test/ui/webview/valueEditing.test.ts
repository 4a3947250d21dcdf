import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import type { OutcomeDto } from '../../../src/protocol/value';
import type { ChangeDto, ElementEditsDto } from '../../../src/protocol/valueChange';
import { launchBrowser } from '../../helpers/browser';
import { eventually } from '../../helpers/eventually';
import { bytesOf, openValue } from './openPanels';
import { b64, cell, hashPage, snapshotOf, stringPage, ValueHost } from './valueHost';
import { valueStates } from './valueStates';

/** Both sides of a change of a whole value. */
function sidesOf(change: ChangeDto): { readonly before: string; readonly after: string } {
  assert.ok(change.kind === 'string' || change.kind === 'item');
  return change;
}

function hashEdit(edit: Extract<ElementEditsDto, { type: 'hash' }>['edits'][number]): ChangeDto {
  return { kind: 'elements', elements: { type: 'hash', edits: [edit] } };
}

type SaveRequest = { readonly epoch: number; readonly requestId: string; readonly change: ChangeDto };

describe('Editing a value', function () {
  this.timeout(20_000);
  let browser: Browser;
  let open: Awaited<ReturnType<typeof openValue>>;
  before(async () => (browser = await launchBrowser()));
  after(() => browser.close());
  afterEach(async () => {
    assert.deepEqual(open.complaints, [], 'the page complained');
    await open.close();
  });

  const start = async (from: Parameters<typeof openValue>[1]): Promise<Page> => {
    open = await openValue(browser, from);
    return open.page;
  };
  const saves = (): SaveRequest[] => open.requests('value/save') as SaveRequest[];
  const onlySave = (): ChangeDto => {
    assert.equal(saves().length, 1);
    return saves()[0]!.change;
  };
  const button = (name: string) => open.page.getByRole('button', { name, exact: true });
  const becomes = (name: string, disabled: boolean) =>
    eventually(`${name} is ${disabled ? 'off' : 'on'}`, async () =>
      (await button(name).isDisabled()) === disabled ? true : undefined,
    );
  const unsaved = () => open.page.getByText(/^Unsaved/);
  /** The footer tells that nothing is left to save. */
  const saved = () => unsaved().waitFor({ state: 'hidden' });

  it('saves text as the bytes that were typed, with the bytes that were seen', async () => {
    const page = await start(snapshotOf(stringPage('one\n\ttwo\n')));
    await page.getByRole('textbox', { name: 'Value' }).fill('one\n\tzwei ü😀\\x41\n');
    await button('Save').click();
    await saved();
    const change = onlySave();
    assert.ok(change.kind === 'string');
    assert.equal(bytesOf(change.before).toString(), 'one\n\ttwo\n');
    assert.equal(bytesOf(change.after).toString(), 'one\n\tzwei ü😀\\x41\n');
  });

  for (const [name, data] of [
    ['binary', [0, 0xff, 0xfe, 65, 0xc3, 0x28, 92, 110]],
    ['CRLF', 'a\r\nb\rc\n'],
    ['invisible', '\ufeffa\u200b\u202eb\u2028'],
  ] as const) {
    it(`keeps every byte of a ${name} value around an edit`, async () => {
      const page = await start(snapshotOf(stringPage(data)));
      const text = page.getByRole('textbox', { name: 'Value' });
      await text.press('Control+End');
      await text.pressSequentially('Z\\x00\\r');
      await unsaved().waitFor();
      await button('Save').click();
      await saved();
      const original = Buffer.from(b64(data), 'base64');
      assert.deepEqual(bytesOf(sidesOf(onlySave()).before), original);
      assert.deepEqual(bytesOf(sidesOf(onlySave()).after), Buffer.concat([original, Buffer.from('Z\0\r')]));
    });
  }

  it('says where escaped text is wrong and does not save it', async () => {
    const page = await start(snapshotOf(stringPage([0])));
    await page.getByRole('textbox', { name: 'Value' }).fill('ok \\q');
    await page.getByText('At character 4: \\q is no escape').waitFor();
    await page.keyboard.press('Control+s');
    await becomes('Save', true);
    assert.equal(saves().length, 0);
  });

  it('keeps the flags and the CAS of a Memcached item', async () => {
    const page = await start(valueStates['item']!());
    await page.getByText('flags 32').waitFor();
    await page.getByRole('textbox', { name: 'Value' }).fill('new');
    await page.keyboard.press('Control+s');
    await saved();
    const change = onlySave();
    assert.ok(change.kind === 'item');
    assert.deepEqual([change.cas, change.flags], ['18446744073709551615', 32]);
  });

  it('sends one request for a double click', async () => {
    const host = new ValueHost(snapshotOf(stringPage('a')));
    let answer: (outcome: OutcomeDto) => void = () => undefined;
    host.outcomes.push(new Promise((resolve) => (answer = resolve)));
    const page = await start(host);
    await page.getByRole('textbox', { name: 'Value' }).fill('b');
    await button('Save').dblclick();
    await page.keyboard.press('Control+s');
    await page.getByText('Waiting for the server').waitFor();
    answer({ status: 'unknown', message: 'The reply was lost. Read the value again.' });
    await page.getByText('The reply was lost').waitFor();
    assert.equal(saves().length, 1);
  });

  it('sends the same save again under the same request id, another under another', async () => {
    const host = new ValueHost(snapshotOf(stringPage('a')));
    const lost: OutcomeDto = { status: 'unknown', message: 'The reply was lost.' };
    host.outcomes.push(lost, lost, lost);
    const page = await start(host);
    for (const text of ['b', 'b', 'c']) {
      await page.getByRole('textbox', { name: 'Value' }).fill(text);
      await button('Save').click();
      await button('Dismiss').click();
    }
    const [first, second, third] = saves().map((each) => each.requestId);
    assert.equal(first, second);
    assert.notEqual(second, third);
  });

  it('keeps an unsaved edit when the value arrives anew, and saves it against what was seen', async () => {
    const page = await start(snapshotOf(stringPage('seen')));
    const text = page.getByRole('textbox', { name: 'Value' });
    await text.fill('mine');
    open.rpc.emit('value/snapshot', { ...snapshotOf(stringPage('theirs')), epoch: 2 });
    await page.waitForFunction(() => document.querySelector('footer')?.textContent.includes('6 B of 6 B'));
    assert.equal(await text.inputValue(), 'mine');
    await button('Save').click();
    await saved();
    assert.equal(bytesOf(sidesOf(onlySave()).before).toString(), 'seen');
    assert.equal(saves()[0]!.epoch, 2);
  });

  it('takes the new value in when an edit was typed back', async () => {
    const page = await start(snapshotOf(stringPage('seen')));
    const text = page.getByRole('textbox', { name: 'Value' });
    await text.fill('other');
    await text.fill('seen');
    open.rpc.emit('value/snapshot', { ...snapshotOf(stringPage('theirs')), epoch: 2 });
    await page.waitForFunction(() => document.querySelector('textarea')?.value === 'theirs');
  });

  it('asks before a refresh or Escape throws an edit away', async () => {
    const page = await start(snapshotOf(stringPage('seen')));
    const text = page.getByRole('textbox', { name: 'Value' });
    await text.fill('mine');
    await button('Refresh').click();
    await page.getByText('Discard your change?').waitFor();
    await button('Keep editing').click();
    assert.equal(await text.inputValue(), 'mine');
    await text.press('Escape');
    await button('Discard').click();
    assert.equal(await text.inputValue(), 'seen');
    assert.equal(open.requests('value/load').length, 1);
  });

  it('gets edits back after the page was hidden', async () => {
    const host = new ValueHost(snapshotOf(stringPage('seen')));
    const page = await start(host);
    await page.getByRole('textbox', { name: 'Value' }).fill('mine');
    while (host.held.length === 0) await page.waitForTimeout(50);
    await open.close();
    const again = await start(host);
    await again.getByText('Unsaved: 1 change').waitFor();
    assert.equal(await again.getByRole('textbox', { name: 'Value' }).inputValue(), 'mine');
  });

  it('does not replace edits of the host that could not be had at first', async () => {
    const host = new ValueHost(snapshotOf(hashPage({ a: '1', b: '2' })));
    host.held = [{ target: { kind: 'hash', field: b64('a') }, before: b64('1'), form: 'text', text: 'held' }];
    host.refusesDrafts = true;
    const page = await start(host);
    await page.getByRole('row', { name: 'b 2 1 B' }).click();
    await page.getByRole('textbox', { name: 'b' }).fill('typed');
    host.refusesDrafts = false;
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await page.getByText('Unsaved: 2 changes').waitFor();
  });

  describe('in conflict', () => {
    const conflicting = async (
      conflict: Omit<Extract<OutcomeDto, { status: 'conflict' }>, 'status'>,
    ): Promise<Page> => {
      const host = new ValueHost(snapshotOf(stringPage('before'), { type: 'item', cas: '1', flags: 5 }));
      host.outcomes.push({ status: 'conflict', ...conflict });
      const page = await start(host);
      await page.getByRole('textbox', { name: 'Value' }).fill('mine');
      await button('Save').click();
      await page.getByRole('region', { name: 'Conflict' }).waitFor();
      return page;
    };
    const theirs = { reason: 'changed', current: b64('theirs'), cas: '9' } as const;

    it('shows all three sides', async () => {
      const page = await conflicting(theirs);
      for (const [title, text] of [
        ['Yours, not saved', 'mine'],
        ['Before, as you saw it', 'before'],
        ['Theirs, on the server now', 'theirs'],
      ] as const) {
        assert.equal(await page.locator('pre', { hasText: text }).getAttribute('aria-label'), title);
      }
    });

    it('overwrites against what the server holds now', async () => {
      await conflicting(theirs);
      await button('Overwrite theirs').click();
      await saved();
      const change = saves()[1]!.change;
      assert.ok(change.kind === 'item');
      assert.deepEqual(
        [bytesOf(change.before).toString(), bytesOf(change.after).toString()],
        ['theirs', 'mine'],
      );
      assert.deepEqual([change.cas, change.flags], ['9', 5]);
      assert.notEqual(saves()[0]!.requestId, saves()[1]!.requestId);
    });

    it('goes on editing without a trace', async () => {
      const page = await conflicting(theirs);
      await button('Keep editing').click();
      assert.equal(await page.getByRole('textbox', { name: 'Value' }).inputValue(), 'mine');
      assert.equal(saves().length, 1);
    });

    it('takes theirs by reading again', async () => {
      const page = await conflicting(theirs);
      open.host.snapshot = snapshotOf(stringPage('theirs'), { type: 'item', cas: '9', flags: 5 });
      await button('Take theirs').click();
      await page.waitForFunction(() => document.querySelector('textarea')?.value === 'theirs');
      await saved();
    });

    it('offers nothing that brings a deleted key back', async () => {
      const page = await conflicting({ reason: 'gone' });
      assert.equal(await button('Overwrite theirs').count(), 0);
      await page.getByText('saving does not bring it back').waitFor();
      open.host.snapshot = snapshotOf(undefined);
      await button('Discard my change and read again').click();
      await page.getByText('This key does not exist').waitFor();
      assert.equal(saves().length, 1);
    });
  });

  it('keeps an edit readable when its key was deleted or changed its type', async () => {
    const page = await start(snapshotOf(stringPage('seen')));
    await page.getByRole('textbox', { name: 'Value' }).fill('mine');
    open.rpc.emit('value/snapshot', { ...snapshotOf(hashPage({ a: 'b' })), epoch: 2 });
    await page.getByRole('textbox', { name: 'Your unsaved change' }).waitFor();
    open.rpc.emit('value/snapshot', { ...snapshotOf(undefined), epoch: 3 });
    await page.getByText('This key does not exist').waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Your unsaved change' }).inputValue(), 'mine');
  });

  it('sets and removes the TTL', async () => {
    const page = await start(snapshotOf(stringPage('a')));
    await button('Edit TTL').click();
    await page.getByRole('textbox', { name: 'Time' }).fill('90');
    await button('Set TTL').click();
    await page.getByText(/^TTL 1 h/).waitFor();
    assert.equal((open.requests('value/setTtl')[0] as { seconds: number }).seconds, 5400);
    await button('Edit TTL').click();
    await button('Remove TTL').click();
    await page.getByText('No TTL').waitFor();
  });

  it('deletes, and says that nothing is there', async () => {
    const page = await start(snapshotOf(stringPage('a')));
    await button('Delete key').click();
    await page.getByText('This key does not exist').waitFor();
    await becomes('Delete key', true);
  });

  it('changes nothing where the connection is locked, and says why', async () => {
    const page = await start(valueStates['locked']!());
    await page.getByText('orders-cache is read-only').waitFor();
    for (const name of ['Edit TTL', 'Delete key', 'Add field']) await becomes(name, true);
    assert.equal(await page.getByRole('textbox', { name: 'address' }).getAttribute('readonly'), '');
  });

  describe('of a hash', () => {
    it('sends the field with what was seen of it', async () => {
      const page = await start(snapshotOf(hashPage({ first: '1', second: '2' })));
      await page.getByRole('row', { name: 'second' }).click();
      await page.getByRole('textbox', { name: 'second' }).fill('zwei');
      await button('Save').click();
      await saved();
      assert.deepEqual(onlySave(), hashEdit({ field: b64('second'), before: b64('2'), after: b64('zwei') }));
    });

    it('keeps the edits of several fields apart', async () => {
      const page = await start(snapshotOf(hashPage({ first: '1', second: '2' })));
      await page.getByRole('textbox', { name: 'first' }).fill('eins');
      await page.getByRole('row', { name: 'second' }).click();
      await page.getByRole('textbox', { name: 'second' }).fill('zwei');
      await page.getByText('Unsaved: 2 changes').waitFor();
      await page.getByRole('row', { name: 'first' }).click();
      assert.equal(await page.getByRole('textbox', { name: 'first' }).inputValue(), 'eins');
    });

    it('adds a field without a before, its name read as escaped text', async () => {
      const page = await start(snapshotOf(hashPage({ first: '1' })));
      await button('Add field').first().click();
      await page.getByRole('textbox', { name: 'Field name' }).fill('a\\xff\\\\');
      await page.getByRole('textbox', { name: 'New value' }).fill('v');
      await button('Add field').last().click();
      await saved();
      assert.deepEqual(onlySave(), hashEdit({ field: b64([97, 0xff, 92]), after: b64('v') }));
    });

    it('reads a cut field whole before it can be edited', async () => {
      const host = new ValueHost(
        snapshotOf({
          kind: 'hash',
          total: 1,
          rows: [{ field: cell('f'), value: { bytes: b64('head'), size: 10 } }],
        }),
      );
      host.whole = b64('head+rest!');
      const page = await start(host);
      const text = page.getByRole('textbox', { name: 'f', exact: true });
      await text.waitFor();
      assert.equal(await text.inputValue(), 'head+rest!');
      await text.fill('x');
      await button('Save').click();
      await saved();
      assert.deepEqual(onlySave(), hashEdit({ field: b64('f'), before: b64('head+rest!'), after: b64('x') }));
    });

    it('only shows a field over 1 MiB', async () => {
      const rows = [{ field: cell('f'), value: { bytes: b64('head'), size: 2 << 20 } }];
      const page = await start(snapshotOf({ kind: 'hash', total: 1, rows }));
      await page.getByText('Elements over 1 MiB cannot be edited here').waitFor();
      assert.equal(open.requests('value/element').length, 0);
    });

    it('keeps the loaded rows after a save', async () => {
      const host = new ValueHost(snapshotOf({ ...hashPage({ a: '1' }, '7'), total: 2 }));
      host.pages.push(hashPage({ b: '2' }));
      const page = await start(host);
      await page.getByText('Load more (1 of 2 read)').click();
      await page.getByRole('row', { name: 'b 2 1 B' }).click();
      await page.getByRole('textbox', { name: 'b', exact: true }).fill('new');
      await button('Save').click();
      await saved();
      await page.getByRole('row', { name: 'b new 3 B' }).waitFor();
      await page.getByRole('row', { name: 'a 1 1 B' }).waitFor();
    });
  });

  it('can be done with the keyboard alone', async () => {
    const page = await start(snapshotOf(hashPage({ first: '1', second: '2', third: '3' })));
    await page.getByRole('grid').focus();
    for (const key of ['ArrowDown', 'End', 'ArrowUp', 'Enter']) await page.keyboard.press(key);
    const text = page.getByRole('textbox', { name: 'second' });
    await text.waitFor();
    for (let presses = 0; presses < 6; presses++) {
      await page.keyboard.press('Tab');
      if (await text.evaluate((element) => element === document.activeElement)) break;
    }
    await page.keyboard.press('End');
    await page.keyboard.type('nd');
    await unsaved().waitFor();
    await page.keyboard.press('Control+s');
    await saved();
    assert.deepEqual(onlySave(), hashEdit({ field: b64('second'), before: b64('2'), after: b64('2nd') }));
  });
});
