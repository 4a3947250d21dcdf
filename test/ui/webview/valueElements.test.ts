import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import type { ChangeDto, ElementEditsDto } from '../../../src/protocol/valueChange';
import { launchBrowser } from '../../helpers/browser';
import { eventually } from '../../helpers/eventually';
import { openValue } from './openPanels';
import { b64, cell, hashPage, snapshotOf, ValueHost } from './valueHost';
import { valueStates } from './valueStates';

type SaveRequest = { readonly change: ChangeDto };

describe('Editing the elements of a value', function () {
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
  const button = (name: string | RegExp) => open.page.getByRole('button', { name, exact: true });
  const field = (name: string) => open.page.getByRole('textbox', { name, exact: true });
  const row = (name: string | RegExp) => open.page.getByRole('row', { name });
  const choose = async (label: string, option: string): Promise<void> => {
    await open.page.getByRole('combobox', { name: label }).click();
    await open.page.getByRole('option', { name: option }).click();
  };
  const sent = (): Promise<ChangeDto> =>
    eventually(
      'a change is sent',
      async () => (open.requests('value/save')[0] as SaveRequest | undefined)?.change,
    );
  const edits = async (): Promise<ElementEditsDto> => {
    const change = await sent();
    assert.ok(change.kind === 'elements');
    return change.elements;
  };

  describe('of a list', () => {
    const list = (): ValueHost => new ValueHost(valueStates['list']!());

    it('changes just the one at its index, with what was seen there', async () => {
      const page = await start(list());
      await row(/^5 job 5/).click();
      await page.getByRole('textbox', { name: 'Element 5' }).fill('done');
      await button('Save').click();
      const before = b64('job 5: resize image 185.png');
      assert.deepEqual(await edits(), { type: 'list', edits: [{ index: 5, before, after: b64('done') }] });
    });

    for (const [where, edit] of [
      ['At the end (tail)', { index: -1 }],
      ['At the start (head)', { index: 0 }],
      ['Before element 3', { index: 3, pivot: b64('job 3: resize image 111.png') }],
    ] as const) {
      it(`adds one: ${where}`, async () => {
        await start(list());
        await row(/^3 job 3/).click();
        await button('Add element').click();
        await choose('Where', where);
        await field('New element').fill('more');
        await button('Add element').last().click();
        assert.deepEqual(await edits(), { type: 'list', edits: [{ ...edit, after: b64('more') }] });
      });
    }

    it('takes several away from the last to the first, so that no index moves', async () => {
      const page = await start(list());
      await row(/^1 job 1/).click();
      await row(/^3 job 3/).click({ modifiers: ['Shift'] });
      await button('Delete 3 rows').click();
      const indexes = (await edits()).edits.map((edit) => ('index' in edit ? edit.index : undefined));
      assert.deepEqual(indexes, [3, 2, 1]);
      assert.equal(await page.locator('.grid-row.selected').count(), 3);
    });

    it('deletes with the keyboard the row it is on, not one that was selected before', async () => {
      const page = await start(list());
      await row(/^1 job 1/).click();
      await page.getByRole('grid').press('ArrowDown');
      await page.getByRole('grid').press('Delete');
      assert.deepEqual(
        (await edits()).edits.map((edit) => 'index' in edit && edit.index),
        [2],
      );
    });

    it('says how long a cut element is and what its digest was, so that the whole of it is compared', async () => {
      const rows = [{ index: 0, value: { bytes: b64('head'), size: 5000, digest: 'of the whole' } }];
      await start(snapshotOf({ kind: 'list', total: 1, rows }));
      await button('Delete row').click();
      assert.deepEqual((await edits()).edits, [
        { index: 0, before: b64('head'), beforeSize: 5000, beforeDigest: 'of the whole' },
      ]);
    });
  });

  describe('of a set', () => {
    it('replaces a member in one change', async () => {
      await start(valueStates['set']!());
      await row(/^green/).click();
      await field('Member').fill('lime');
      await button('Save').click();
      assert.deepEqual(await edits(), {
        type: 'set',
        edits: [
          { member: b64('green'), before: true, after: false },
          { member: b64('lime'), before: false, after: true },
        ],
      });
    });
  });

  describe('of a sorted set', () => {
    const zset = () => valueStates['zset']!();

    it('moves a member by its score, as the text that was typed', async () => {
      await start(zset());
      await row(/^42 linus/).click();
      await field('Score').fill('1e3');
      await button('Save').click();
      assert.deepEqual(await edits(), {
        type: 'zset',
        edits: [{ member: b64('linus'), before: '42', after: '1e3' }],
      });
    });

    it('refuses a score that is no number, NaN too', async () => {
      await start(zset());
      await button('Add member').click();
      await field('New member').fill('x');
      for (const bad of ['NaN', '0x10', '1,5', ' ']) {
        await field('Score').fill(bad);
        await eventually(
          'the button is off',
          async () => (await button('Add member').last().isDisabled()) || undefined,
        );
      }
      await field('Score').fill('-inf');
      await button('Add member').last().click();
      assert.deepEqual(await edits(), { type: 'zset', edits: [{ member: b64('x'), after: '-inf' }] });
    });

    it('is read from the other end on request', async () => {
      await start(zset());
      await button('Show from the last').click();
      await eventually('it is read again', async () => open.requests('value/load')[1]);
      assert.deepEqual(open.requests('value/load')[1], { descending: true });
    });

    it('tells the geo position that a score may stand for', async () => {
      // GEOADD places 13.361389 38.115556 Palermo, as in the documentation of GEOADD
      await start(
        snapshotOf({
          kind: 'zset',
          total: 1,
          rows: [{ member: cell('Palermo'), score: '3479099956230698' }],
        }),
      );
      await open.page.getByText('longitude 13.361389, latitude 38.115556').waitFor();
    });
  });

  describe('of a hash', () => {
    it('renames a field with its value, in one change', async () => {
      await start(snapshotOf(hashPage({ first: '1', second: '2' })));
      await row(/^second/).click();
      await button('Rename').click();
      await field('New name').fill('zweites');
      await button('Save').click();
      assert.deepEqual(await edits(), {
        type: 'hash',
        edits: [
          { field: b64('second'), before: b64('2') },
          { field: b64('zweites'), after: b64('2'), ttlOf: b64('second') },
        ],
      });
    });

    it('copies the selected rows as CSV and as JSON', async () => {
      const page = await start(snapshotOf(hashPage({ 'a,"b"': '=1+1', c: 'd' })));
      await page.getByRole('grid').press('Control+a');
      await page.getByRole('grid').press('Control+c');
      await button('Copy selected rows').click();
      await page.getByRole('menuitem', { name: 'Copy rows as JSON' }).click();
      const texts = await eventually('both are copied', async () => {
        const all = open.requests('value/copyText') as { text: string }[];
        return all.length === 2 ? all.map(({ text }) => text) : undefined;
      });
      assert.equal(texts[0], 'field,value\r\n"a,""b""",\'=1+1\r\nc,d');
      assert.deepEqual(JSON.parse(texts[1] ?? ''), [
        { field: 'a,"b"', value: '=1+1' },
        { field: 'c', value: 'd' },
      ]);
    });

    it('searches all fields on the server, shows how far it is, and goes on when asked', async () => {
      const host = new ValueHost(snapshotOf({ ...hashPage({ a: '1' }, '5'), total: 90_000 }));
      const match = {
        kind: 'hash' as const,
        total: 90_000,
        rows: [{ field: cell('needle'), value: cell('x') }],
      };
      host.found.push(
        { offsets: [], examined: 40_000, cursor: '7' },
        { page: match, offsets: [], examined: 50_000 },
      );
      const page = await start(host);
      await field('Find in fields…').fill('need');
      await button('Search all 90,000').click();
      await page.getByText('1 found, 90,000 of 90,000 searched').waitFor();
      await row(/^needle/).click();
      await page.getByRole('textbox', { name: 'needle' }).waitFor();
      assert.deepEqual(
        open.requests('value/search').map((each) => (each as { cursor?: string }).cursor),
        [undefined, '7'],
      );
    });

    it('shows in what was found what was saved there', async () => {
      const host = new ValueHost(snapshotOf({ ...hashPage({ a: '1' }, '5'), total: 90_000 }));
      const rows = [{ field: cell('needle'), value: cell('x') }];
      host.found.push({ page: { kind: 'hash', total: 90_000, rows }, offsets: [], examined: 90_000 });
      await start(host);
      await field('Find in fields…').fill('need');
      await field('Find in fields…').press('Enter');
      await row(/^needle x/).click();
      await field('needle').fill('changed');
      await button('Save').click();
      await row(/^needle changed/).waitFor();
    });

    it('keeps the width a person gives a column', async () => {
      const page = await start(snapshotOf(hashPage({ a: '1' })));
      const head = page.getByRole('columnheader').first();
      const before = (await head.boundingBox())!.width;
      await button('Width of the column Field: left and right arrow').press('ArrowRight');
      await eventually('it is wider', async () => (await head.boundingBox())!.width > before || undefined);
    });
  });

  describe('of a stream', () => {
    const stream = (): ValueHost => new ValueHost(valueStates['stream']!());

    it('adds an entry with its fields in order', async () => {
      await start(stream());
      await button('Add entry').click();
      await field('Field 1').fill('b');
      await field('Value 1').fill('2');
      await button('One more field').click();
      await field('Field 2').fill('a\\x00');
      await button('Add entry').last().click();
      const fields = [
        [b64('b'), b64('2')],
        [b64([97, 0]), ''],
      ];
      assert.deepEqual(await sent(), { kind: 'stream', act: { act: 'add', id: '*', fields } });
    });

    it('trims to the newest so many, and says how many go', async () => {
      await start(stream());
      await button('Trim…').click();
      await field('Entries to keep').fill('1');
      await button('Delete 1 entry').click();
      assert.deepEqual(await sent(), { kind: 'stream', act: { act: 'trim', to: { maxLength: 1 } } });
    });

    it('acknowledges and claims what waits in a group', async () => {
      const host = stream();
      const waiting = {
        consumers: [{ name: b64('worker'), pending: 2, idleMs: 4200 }],
        pending: ['1-0', '2-0'].map((id) => ({ id, consumer: b64('worker'), idleMs: 4200, deliveries: 1 })),
      };
      host.groups.push(waiting, waiting);
      const page = await start(host);
      await page.getByRole('tab', { name: 'Groups (2)' }).click();
      await row(/^1-0/).click();
      await button('Acknowledge').click();
      const group = b64('billing');
      assert.deepEqual(await sent(), { kind: 'stream', act: { act: 'acknowledge', group, ids: ['1-0'] } });
      // what was chosen is given up when the answer is there
      await page.locator('.grid-row.selected').waitFor({ state: 'detached' });
      await row(/^2-0/).click();
      await field('Consumer').fill('other');
      await button('Claim').click();
      const second = await eventually('the claim is sent', async () => open.requests('value/save')[1]);
      const act = { act: 'claim', group, consumer: b64('other'), ids: ['2-0'], minIdleMs: 60_000 };
      assert.deepEqual((second as SaveRequest).change, { kind: 'stream', act });
    });
  });

  describe('of a JSON document', () => {
    it('edits what is at a path, and nothing else', async () => {
      const host = new ValueHost(valueStates['json']!());
      host.whole = b64('"Berlin"');
      await start(host);
      await field('Path in the document').fill('$.city');
      await button('Go to path').click();
      const text = field('$.city');
      await text.waitFor();
      await text.fill('"Potsdam"');
      await button('Save').click();
      const change = { kind: 'json', path: '$.city', before: b64('"Berlin"'), after: b64('"Potsdam"') };
      assert.deepEqual(await sent(), change);
    });
  });

  it('offers to undo what the host can take back', async () => {
    const page = await start({ ...snapshotOf(hashPage({ a: '1' })), undo: 'Undo the change of one element' });
    await page.getByTitle('Undo the change of one element').waitFor();
    await button('Undo').click();
    await eventually('it is asked for', async () => open.requests('value/undo')[0]);
    await page.getByText('Waiting for the server').waitFor({ state: 'hidden' });
  });

  it('sets the flags of an item and leaves its value', async () => {
    const page = await start(valueStates['item']!());
    await button('More').click();
    await page.getByRole('menuitem', { name: 'Edit flags' }).click();
    await field('Client flags').fill('0x10');
    await button('Set flags').click();
    const change = await sent();
    assert.ok(change.kind === 'item' && change.before === change.after);
    assert.equal(change.flags, 16);
  });
});
