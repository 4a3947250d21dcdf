import { strict as assert } from 'node:assert';

/** The main path, in order. Each step ends with what an independent client of the server finds. */
export function smokeSteps({ view, redis, memcached, names }) {
  const database = () => view.place('database 0', names.redis);
  const step = (name, run) => ({ name, run });
  return [
    step('Connect Redis', () => view.connect(names.redis)),
    step('Expand a namespace', async () => {
      await view.expand(view.place('orders', names.redis));
      await view.expand(view.folder('shop:order:1001:'));
      await view.key('shop:order:1001:items').waitFor();
    }),
    step('Open a value from the tree', async () => {
      await view.key('shop:order:1001:items').click();
      const list = await view.value('shop:order:1001:items');
      await list.row('product').waitFor();
      await view.collapse(view.place('orders', names.redis));
    }),
    step('Edit a string and save', async () => {
      const before = await redis.get('user:1:preferences');
      const value = await view.openByName(database(), 'user:1:preferences');
      // laid out for reading, and minified again by the save
      assert.deepEqual(JSON.parse(await value.text().inputValue()), JSON.parse(before));
      await value.write('{"theme":"smoke ✓"}');
      await value.save();
      assert.equal(await redis.get('user:1:preferences'), '{"theme":"smoke ✓"}');
    }),
    step('Edit a field of a hash', async () => {
      const value = await view.openByName(database(), 'shop:order:1002');
      await value.row('status').click();
      await value.write('smoked');
      await value.save();
      assert.equal(await redis.hget('shop:order:1002', 'status'), 'smoked');
      assert.equal(await redis.hlen('shop:order:1002'), 3);
    }),
    step('Delete a key after confirming', async () => {
      const value = await view.openByName(database(), 'user:3:preferences');
      await value.button('Delete key').click();
      await view.window.dialogButton('Delete Key').click();
      await value.frame.getByText('This key does not exist').waitFor();
      assert.equal(await redis.exists('user:3:preferences'), 0);
    }),
    step('Connect Memcached', () => view.connect(names.memcached)),
    step('Edit a Memcached item, flags and expiry kept', () => editItem(view, memcached, names)),
  ];
}

async function editItem(view, memcached, names) {
  const key = 'smoke:item';
  await memcached.set(key, 'before', 77, 5000);
  const value = await view.openByName(view.place('items', names.memcached), key);
  await value.write('after');
  await value.save();
  // The value, the flags and the seconds that are left.
  const [, flags, seconds, text] =
    /^VA 5 f(\d+) t(\d+)\r\n(.*)\r\n$/.exec(await memcached.ask(`mg ${key} v f t\r\n`, 'after\r\n')) ?? [];
  assert.deepEqual({ flags, text }, { flags: '77', text: 'after' });
  assert.ok(Number(seconds) > 4800 && Number(seconds) <= 5000, `${seconds} seconds are left of 5000`);
}
