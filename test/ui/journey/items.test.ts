import { strict as assert } from 'node:assert';
import { type CacheServer, startMemcached } from '../../helpers/cacheServer';
import { MemcachedPeer } from '../../helpers/memcachedPeer';
import { type Journey, editorMs, startJourney, wayTo } from './journey';

describe('a person with items of Memcached', function () {
  this.timeout(editorMs);
  let journey: Journey;
  let server: CacheServer;
  let way: Awaited<ReturnType<typeof wayTo>>;
  let peer: MemcachedPeer;

  before(async () => {
    server = await startMemcached();
    peer = await MemcachedPeer.connect(server.port);
    way = await wayTo(server.port);
    const endpoints = [{ kind: 'tcp' as const, host: '127.0.0.1', port: way.port }];
    journey = await startJourney({ profiles: [{ name: 'Assets', engine: 'memcached', endpoints }] });
    const { view } = journey;
    await view.connect('Assets');
  });
  after(async () => {
    peer.close();
    await journey.stop();
    await way.close();
    await server.stop();
  });

  const item = (key: string): Promise<string> => peer.ask(`mg ${key} v f t\r\n`);

  it('edits a value, then its flags, and each leaves the other and the time to live', async () => {
    await peer.set('page', 'hello', 7, 5000);
    const { view } = journey;
    const value = await view.openByName(view.place('items', 'Assets'), 'page');
    await value.frame.getByText('flags 7', { exact: true }).waitFor();
    await value.frame.getByText('slab class').waitFor();
    await value.write('hello, world');
    await value.save();
    assert.match(await item('page'), /^VA 12 f7 t4\d{3}\r\nhello, world\r\n$/);
    await value.button('More').click();
    await value.frame.getByRole('menuitem', { name: 'Edit flags' }).click();
    await value.frame.getByRole('textbox', { name: 'Client flags' }).fill('16');
    await value.button('Set flags').click();
    await value.frame.getByText('flags 16', { exact: true }).waitFor();
    assert.match(await item('page'), /^VA 12 f16 t4\d{3}\r\nhello, world\r\n$/);
    await value.button('Undo').click();
    await value.frame.getByText('flags 7', { exact: true }).waitFor();
    assert.match(await item('page'), /^VA 12 f7 t4\d{3}\r\nhello, world\r\n$/);
  });
});
