import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import { commandFormat } from '../../../src/engine/transfer/commandFormat';
import { copyKey } from '../../../src/engine/transfer/copyKey';
import { linesFormat } from '../../../src/engine/transfer/fileFormat';
import { inverseOf } from '../../../src/engine/values/undo';
import { systemClock } from '../../../src/engine/kernel/clock';
import { loadFile } from '../../../src/engine/transfer/valueFile';
import { type CacheServer, startRedis } from '../../helpers/cacheServer';
import { memoryFile } from '../../helpers/memoryFile';
import { seededRandom } from '../../helpers/random';
import { transfersOver, type Transfers } from './transferFixture';

/** Moments that no date holds, that no double is exact for, and the last there is. */
const moments = [
  '9007199254740993',
  '9223372036854775000',
  '9223372036854775807',
  '8640000000000001',
  '4000000000123',
];

describe('a time to live that is beyond dates and exact numbers', () => {
  let servers: CacheServer[];
  let from: Redis;
  let to: Redis;
  let transfers: Transfers;

  before(async () => {
    servers = [await startRedis(), await startRedis()];
    const [a, b] = servers.map(({ port }) => port);
    const options = { protocol: 2, stringNumbers: true } as const;
    from = new Redis(a ?? 0, '127.0.0.1', options);
    to = new Redis(b ?? 0, '127.0.0.1', options);
    transfers = await transfersOver({ from: { port: a ?? 0 }, to: { port: b ?? 0 } });
  });

  beforeEach(async () => {
    await from.flushall();
    await to.flushall();
  });

  after(async () => {
    await transfers.close();
    from.disconnect();
    to.disconnect();
    for (const server of servers) await server.stop();
  });

  const planted = async (): Promise<Map<string, string>> => {
    const random = seededRandom(63);
    const more = Array.from({ length: 10 }, () =>
      String(4_000_000_000_000n + BigInt(random.below(2 ** 31)) * 4_294_967_295n),
    );
    const keys = new Map([...moments, ...more].map((moment, i) => [`k${i}`, moment]));
    for (const [key, moment] of keys) {
      await from.rpush(key, 'a', 'b');
      await from.call('PEXPIREAT', key, moment);
    }
    return keys;
  };
  const requireAll = async (peer: Redis, keys: ReadonlyMap<string, string>) => {
    for (const [key, moment] of keys) assert.equal(await peer.call('PEXPIRETIME', key), moment, key);
  };

  it('survives export and import to the millisecond, in both formats', async () => {
    const keys = await planted();
    for (const format of [linesFormat, commandFormat]) {
      const text = await transfers.exported('from', { format });
      await to.flushall();
      const report = await transfers.imported('to', text);
      assert.deepEqual([report.written, report.keys], [keys.size, keys.size]);
      await requireAll(to, keys);
    }
  });

  it('survives a copy to another connection, whether the server serialises it or it goes piece by piece', async () => {
    const keys = await planted();
    await from.set('long', Buffer.alloc(5 * 1024 * 1024, 1));
    await from.call('PEXPIREAT', 'long', '9223372036854775807');
    keys.set('long', '9223372036854775807');
    for (const key of keys.keys()) {
      const outcome = await copyKey({
        gate: transfers.gate,
        request: transfers.request('to', 'key.copy'),
        from: { connection: transfers.connection('from'), db: 0, key: Buffer.from(key) },
        to: { connection: transfers.connection('to'), key: Buffer.from(key) },
        replace: false,
        clock: systemClock,
      });
      assert.equal(outcome.status, 'applied', key);
    }
    await requireAll(to, keys);
  });

  it('is kept by edits, by a duplicate, by a file that replaces the value, and by its own undo', async () => {
    const moment = '9223372036854775807';
    const key = Buffer.from('k');
    await from.set('k', 'one');
    await from.call('PEXPIREAT', 'k', moment);
    const run = async (change: Parameters<Awaited<ReturnType<typeof provider>>['apply']>[0]) =>
      transfers.gate.run(
        transfers.request('from', 'key.edit', { destructive: true }),
        ({ provider: own, permit }) => own.apply(change, permit, { timeoutMs: 5000 }),
        () => ({ status: 'success' }),
      );
    const provider = () => transfers.connection('from').provider(0);
    const ttl = { mode: 'keep' } as const;
    await run({ kind: 'string.set', key, before: Buffer.from('one'), after: Buffer.from('two'), ttl });
    await run({ kind: 'duplicate', key, to: Buffer.from('twin'), replace: false });
    const source = memoryFile('three');
    const request = transfers.request('from', 'value.load', { destructive: true });
    const seen = { type: 'string', length: 3 } as const;
    await loadFile({ gate: transfers.gate, request, key, source, as: { kind: 'string' }, ttl, seen });
    assert.deepEqual([await from.get('k'), await from.get('twin')], ['three', 'two']);
    const dump = await (await provider()).dump(key, { timeoutMs: 5000 });
    assert.equal(dump?.expireAtMs, 9_223_372_036_854_775_807n);
    await run({ kind: 'restore', key, payload: dump.payload, ttl, replace: true });
    await requireAll(
      from,
      new Map([
        ['k', moment],
        ['twin', moment],
      ]),
    );
    const removal = {
      kind: 'ttl', key, ttl: { mode: 'remove' }, before: { expireAtMs: 9_223_372_036_854_775_807n },
    } as const; // prettier-ignore
    assert.equal((await run(removal)).status, 'applied');
    const undo = inverseOf(removal, { status: 'applied' });
    assert.ok(undo);
    assert.equal((await run(undo)).status, 'applied');
    await requireAll(from, new Map([['k', moment]]));
  });

  it('above what a server can hold is refused with its line before anything is written', async () => {
    const late = '9223372036854775808';
    const commands = await transfers.imported('to', `SET k v\nPEXPIREAT k ${late}\n`);
    assert.deepEqual([commands.written, commands.invalidLines], [0, [2]]);
    const line = `{"key":{"text":"k"},"type":"string","expireAtMs":"${late}","value":{"text":"v"}}\n`;
    const lines = await transfers.imported(
      'to',
      linesFormat.header('redis') + line + linesFormat.footer(1, 0),
    );
    assert.deepEqual([lines.written, lines.invalidLines], [0, [2]]);
    assert.equal(String(await to.dbsize()), '0');
  });
});
