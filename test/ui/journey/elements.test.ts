import { strict as assert } from 'node:assert';
import { gunzipSync, gzipSync } from 'node:zlib';
import { eventually } from '../../helpers/eventually';
import type { ValuePage } from '../../helpers/valuePage';
import { type Journey, editorMs, startJourney } from './journey';

describe('a person with the elements of a value', function () {
  this.timeout(editorMs);
  let journey: Journey;
  const place = () => journey.view.place('database 0', 'Shop');
  const field = (value: ValuePage, name: string) => value.frame.getByRole('textbox', { name, exact: true });
  const open = (key: string): Promise<ValuePage> => journey.view.openByName(place(), key);
  const agree = (words: string): Promise<void> => journey.view.window.dialogButton(words).click();

  before(async () => {
    journey = await startJourney({ profiles: [{ name: 'Shop' }] });
    await journey.view.connect('Shop');
  });
  after(() => journey.stop());

  it('deletes a field of a hash after agreeing, and takes that back', async () => {
    const { client } = journey;
    await client.hset('user:7', { city: 'Berlin', zip: '10117' });
    await client.expire('user:7', 5000);
    const value = await open('user:7');
    await value.row('city').click();
    await value.button('Delete row').click();
    await agree('Delete 1 Element');
    await value.row('city').waitFor({ state: 'detached' });
    assert.deepEqual(await client.hgetall('user:7'), { zip: '10117' });
    await value.button('Undo').click();
    await value.row('city').waitFor();
    assert.deepEqual(await client.hgetall('user:7'), { city: 'Berlin', zip: '10117' });
    assert.ok((await client.ttl('user:7')) > 4000);
  });

  it('adds to a list at both ends, changes one of its elements and deletes another', async () => {
    const { client } = journey;
    await client.rpush('jobs', 'a', 'b', 'b', 'c');
    const value = await open('jobs');
    await value.button('Add element').first().click();
    await field(value, 'New element').fill('last');
    await value.button('Add element').last().click();
    await value.row('last').waitFor();
    await value.row('2b').click();
    await value.write('B');
    await value.save();
    assert.deepEqual(await client.lrange('jobs', 0, -1), ['a', 'b', 'B', 'c', 'last']);
    await value.row('1b').click();
    await value.button('Delete row').click();
    await agree('Delete 1 Element');
    await value.row('4last').waitFor({ state: 'detached' });
    assert.deepEqual(await client.lrange('jobs', 0, -1), ['a', 'B', 'c', 'last']);
  });

  it('sees a key leave the tree with its last element, and come back by undo', async () => {
    const { client, view } = journey;
    await client.sadd('lonely', 'only');
    await view.expand(place());
    await view.menu(place(), 'Refresh keys');
    await view.key('lonely').waitFor();
    const value = await open('lonely');
    await value.row('only').click();
    await value.button('Delete row').click();
    await agree('Delete 1 Element');
    await view.key('lonely').waitFor({ state: 'hidden' });
    await value.button('Undo').click();
    await view.key('lonely').waitFor();
    assert.deepEqual(await client.smembers('lonely'), ['only']);
  });

  it('replaces a member of a set', async () => {
    await journey.client.sadd('tags', 'red', 'green');
    const value = await open('tags');
    await value.row('green').click();
    await value.write('lime');
    await value.save();
    assert.deepEqual((await journey.client.smembers('tags')).sort(), ['lime', 'red']);
  });

  it('moves a member of a sorted set by its score', async () => {
    await journey.client.zadd('scores', 1, 'ada', 2, 'grace');
    const value = await open('scores');
    await value.row('ada').click();
    await field(value, 'Score').fill('3.5');
    await value.isUnsaved();
    await value.button('Save').click();
    await value.isSaved();
    // in pairs or flat, by the version of the protocol
    const members = (await journey.client.zrange('scores', '0', '-1', 'WITHSCORES')).flat();
    assert.deepEqual(members.map(String), ['grace', '2', 'ada', '3.5']);
  });

  it('adds an entry to a stream and acknowledges what waits in its group', async () => {
    const { client } = journey;
    await client.xadd('orders', '1-0', 'type', 'created');
    await client.xgroup('CREATE', 'orders', 'billing', '0');
    await client.call('XREADGROUP', 'GROUP', 'billing', 'worker', 'STREAMS', 'orders', '>');
    const value = await open('orders');
    await value.button('Add entry').first().click();
    await field(value, 'Field 1').fill('type');
    await field(value, 'Value 1').fill('paid');
    await value.button('Add entry').last().click();
    await value.row('paid').waitFor();
    assert.equal(await client.xlen('orders'), 2);
    await value.frame.getByRole('tab', { name: 'Groups (1)' }).click();
    await value.row('1-0').click();
    await value.button('Acknowledge').click();
    await value.frame.getByText('Nothing waits to be acknowledged').waitFor();
    assert.deepEqual(await client.xpending('orders', 'billing'), [0, null, null, null]);
  });

  it('reads JSON inside gzip, changes it, and other readers still understand it', async () => {
    const { client } = journey;
    await client.set('packed', gzipSync('{"a":1}'));
    const value = await open('packed');
    await eventually(
      'it is laid out',
      async () => (await value.text().inputValue()).includes('"a": 1') || undefined,
    );
    await value.write('{\n  "a": 2\n}');
    await value.save();
    assert.equal(gunzipSync((await client.getBuffer('packed'))!).toString(), '{"a":2}');
  });

  it('finds one field among a hundred thousand', async () => {
    const { client } = journey;
    const fields = Array.from({ length: 100_000 }, (_, at) => [`field:${at}`, 'x']).flat();
    for (let at = 0; at < fields.length; at += 20_000)
      await client.hset('large', ...fields.slice(at, at + 20_000));
    await client.hset('large', 'the-needle', 'y');
    const value = await open('large');
    await field(value, 'Find in fields…').fill('needle');
    await field(value, 'Find in fields…').press('Enter');
    await value.row('the-needle').waitFor();
    await value.frame.getByText('1 found, 100,001 of 100,001 searched').waitFor();
    await journey.view.window.screenshot('journey-search');
  });

  it('says that a key expired while it was open, and loses no edit', async () => {
    await journey.client.set('short', 'seen');
    const value = await open('short');
    await value.write('mine');
    await journey.client.del('short');
    await value.pressSave();
    await value.frame.getByText('saving does not bring it back').waitFor();
    await value.frame.locator('pre', { hasText: 'mine' }).waitFor();
    assert.equal(await journey.client.exists('short'), 0);
  });
});
