import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import { headerLine } from '../../../src/engine/transfer/writeLines';
import { type CacheServer, startRedis } from '../../helpers/cacheServer';
import { transfersOver, type Transfers } from './transferFixture';

describe('a key of a file of which a line is bad', () => {
  let server: CacheServer;
  let peer: Redis;
  let transfers: Transfers;

  before(async () => {
    server = await startRedis();
    peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
    transfers = await transfersOver({ to: { port: server.port } });
  });

  beforeEach(() => peer.flushall());

  after(async () => {
    await transfers.close();
    peer.disconnect();
    await server.stop();
  });

  const replaced = async (text: string) => {
    const changes = { destructive: true };
    return transfers.imported('to', text, {
      policy: 'replace',
      request: transfers.request('to', 'keys.import', changes),
    });
  };

  it('is not written in part: what is there stays, and the line is named', async () => {
    await peer.rpush('l', 'A', 'B', 'C', 'D');
    await peer.set('w', 'old', 'PX', 100_000);
    await peer.set('s', 'whole');
    const lists = await replaced('RPUSH l a b\nRPUSH l "c"d\nRPUSH l e\nSET other 1\n');
    assert.deepEqual([lists.replaced, lists.written, lists.invalid, lists.invalidLines], [0, 1, 1, [2]]);
    const expiring = await replaced('SET w 1\nEXPIREAT w 9999999999\n');
    assert.deepEqual([expiring.replaced, expiring.invalidLines], [0, [2]]);
    const strings = await replaced('SET s one\nAPPEND s "two"three\n');
    assert.deepEqual([strings.replaced, strings.invalidLines], [0, [2]]);
    assert.deepEqual(await peer.lrange('l', 0, -1), ['A', 'B', 'C', 'D']);
    assert.deepEqual([await peer.get('w'), await peer.get('s')], ['old', 'whole']);
    assert.ok((await peer.pttl('w')) > 90_000);
  });

  it('is not written in part from JSON lines either', async () => {
    await peer.rpush('l', 'A', 'B');
    const begun = '{"key":{"text":"l"},"type":"list","value":{"elements":[{"text":"a"}]},"more":true}\n';
    const rest = '{"part":{"elements":[{"text":"b"}]}}\n';
    const whole = begun.replace(',"more":true', '');
    for (const text of [
      `${begun}{bad\n${rest}`,
      begun,
      `${whole}${rest}`,
      `${begun}{"piece":"{\\"par"}\n${rest}`,
    ]) {
      const report = await replaced(headerLine('redis') + text);
      assert.equal(report.replaced, 0, text);
      assert.equal(report.invalid >= 1 && report.invalidLines.includes(2), true, text);
    }
    assert.deepEqual(await peer.lrange('l', 0, -1), ['A', 'B']);
  });
});
