import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import { issuePermit } from '../../../src/engine/connections/writePermit';
import { cancelled, EngineError } from '../../../src/engine/kernel/errors';
import { keyName } from '../../../src/engine/kernel/keyName';
import { openRecords } from '../../../src/engine/transfer/readRecords';
import { commandFormat } from '../../../src/engine/transfer/commandFormat';
import { parseCommandLine } from '../../../src/engine/transfer/commandLine';
import { linesFormat } from '../../../src/engine/transfer/fileFormat';
import { copyKey } from '../../../src/engine/transfer/copyKey';
import { systemClock } from '../../../src/engine/kernel/clock';
import { startRedis, type CacheServer } from '../../helpers/cacheServer';
import { partsOf } from '../../helpers/parts';
import { seededRandom } from '../../helpers/random';
import { RandomValues } from '../../helpers/randomValues';
import { rejectsWith } from '../../helpers/rejects';
import { transfersOver, type Transfers } from './transferFixture';

const types = ['string', 'hash', 'list', 'set', 'zset', 'stream'] as const;
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('keys of Redis in and out of files', () => {
  let server: CacheServer;
  let peer: Redis;
  let transfers: Transfers;
  before(async () => {
    server = await startRedis({ args: ['--enable-debug-command', 'local'] });
    peer = new Redis(server.port, '127.0.0.1', { protocol: 2 });
  });
  after(async () => {
    await peer.quit();
    await server.stop();
  });
  beforeEach(async () => {
    await peer.flushall();
    transfers = await transfersOver({ from: { port: server.port }, to: { port: server.port, dbIndex: 1 } });
  });
  afterEach(() => transfers.close());

  /** What the server itself says of every key of a database: digests of contents, and expiries. */
  const stateOf = async (db: number) => {
    await peer.select(db);
    const names = (await peer.keysBuffer('*')).sort((a, b) => a.compare(b));
    const state = [];
    for (const name of names)
      state.push([
        name.toString('hex'),
        await peer.call('DEBUG', 'DIGEST-VALUE', name),
        await peer.pexpiretime(name),
      ]);
    await peer.select(0);
    return state;
  };
  const importInto1 = (text: string) =>
    transfers.imported('to', text, { request: transfers.request('to', 'keys.import', { db: 1 }) });

  for (const [what, format] of [
    ['JSON lines', linesFormat],
    ['Redis commands', commandFormat],
  ] as const)
    it(`come back byte for byte as ${what}, whatever their types hold`, async () => {
      const random = new RandomValues(seededRandom(7));
      const provider = await transfers.connection('from').provider(0);
      const permit = issuePermit('from', 'plant');
      for (let i = 0; i < 240; i++) {
        const { head, parts } = random.key(types[i % types.length] ?? 'string', `k${i}:`, Date.now());
        const ttl =
          head.expireAtMs === undefined
            ? ({ mode: 'remove' } as const)
            : ({ mode: 'set', expireAtMs: head.expireAtMs } as const);
        const outcome = await provider.load(head.key, partsOf(...parts), { ttl, replace: false }, permit, {
          timeoutMs: 2000,
        });
        assert.equal(outcome.status, 'applied');
      }
      const text = await transfers.exported('from', { format });
      const report = await importInto1(text);
      assert.deepEqual([report.keys, report.written, report.error], [240, 240, undefined]);
      const [before, after] = [await stateOf(0), await stateOf(1)];
      assert.equal(after.length, 240);
      for (const [i, [name, digest, expiry]] of before.entries()) {
        const [sameName, sameDigest, later] = after[i] ?? [];
        assert.deepEqual([sameName, sameDigest], [name, digest]);
        assert.ok(Math.abs(Number(later) - Number(expiry)) < 1000, 'the expiry, to the second');
      }
    });

  it('come back when they are longer than a page and larger than a line', async () => {
    const long = Array.from({ length: 5000 }, (_, i) => `element ${i % 50} \xff`);
    await peer.rpush('list', ...long.map(bytes));
    await peer.sadd('set', ...new Set(Array.from({ length: 5000 }, (_, i) => `m${i}`)));
    await peer.zadd('zset', ...Array.from({ length: 5000 }, (_, i) => [i / 7, `m${i}`]).flat());
    await peer.hset('hash', Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`f${i}`, `v${i}`])));
    await peer.set('string', Buffer.alloc(3_000_000, '\x00\xff\r\n', 'latin1'));
    await peer.hset('big', 'f', Buffer.alloc(2_500_000, 7), 'g', 'small');
    for (let i = 0; i < 2500; i++) void peer.xadd('stream', `${i + 1}-0`, 'f', 'x'.repeat(300));
    await peer.xgroup('CREATE', 'stream', 'g', '0');
    await peer.xreadgroup('GROUP', 'g', 'c', 'COUNT', 1500, 'STREAMS', 'stream', '>');
    const report = await importInto1(await transfers.exported('from'));
    assert.deepEqual([report.written, report.failed, report.invalid], [7, 0, 0]);
    assert.deepEqual(await stateOf(1), await stateOf(0));
    await peer.select(1);
    const pending = await peer.xpending('stream', 'g');
    assert.deepEqual([pending[0], pending[1], pending[2]], [1500, '1-0', '1500-0']);
    await peer.select(0);
  });

  it('are taken by a server as commands, one by one', async () => {
    const random = new RandomValues(seededRandom(9));
    const provider = await transfers.connection('from').provider(0);
    const permit = issuePermit('from', 'plant');
    for (const type of types) {
      const { head, parts } = random.key(type, `${type}:`, Date.now());
      await provider.load(head.key, partsOf(...parts), { ttl: { mode: 'remove' }, replace: false }, permit, {
        timeoutMs: 2000,
      });
    }
    const text = await transfers.exported('from', { format: commandFormat });
    await peer.select(1);
    for (const line of text.split('\n').filter(Boolean)) {
      const [name = '', ...args] = parseCommandLine(line) ?? [];
      await peer.call(String(name), ...args);
    }
    await peer.select(0);
    assert.deepEqual(await stateOf(1), await stateOf(0));
  });

  it('are told when they are gone, and the rest is exported', async () => {
    await peer.mset('a', '1', 'b', '2');
    const keys = ['a', 'gone', 'b'].map((name) => keyName(bytes(name)));
    const text = await transfers.exported('from', { keys });
    assert.match(text, /"end":\{"keys":2,"failed":1\}/);
    assert.equal((await importInto1(text)).written, 2);
  });

  it('are compared before anything is written', async () => {
    await peer.mset('same', '1', 'different', '2', 'new', '3');
    await peer.hset('typed', 'f', 'v');
    await peer.set('dead', 'x', 'PX', 3_600_000);
    const text = (await transfers.exported('from')).replace(/"expireAtMs":\d+/, '"expireAtMs":1');
    await peer.set('different', 'other');
    await peer.del('new', 'typed');
    await peer.set('typed', 'v');
    const before = await stateOf(0);
    const plan = await transfers.planned('from', `${text.replace(/\n\{"end.*\n$/, '\n')}nonsense\n`);
    assert.deepEqual(plan, {
      fresh: 1, same: 1, different: 2, expired: 1, outside: 0, invalid: 1, unsigned: 0, endsEarly: true,
      problems: [{ line: 7, text: 'is no line of this format' }],
    }); // prettier-ignore
    assert.deepEqual(await stateOf(0), before, 'T13: a dry run changes nothing');
  });

  it('that exist are skipped, replaced, a stop, or asked for', async () => {
    await peer.mset('a', '1', 'b', '2', 'c', '3');
    const keys = ['a', 'b', 'c'].map((name) => keyName(bytes(name)));
    const text = await transfers.exported('from', { keys });
    const reset = () => peer.pipeline().flushall().set('b', 'theirs').expire('b', 1000).exec();
    const values = () => peer.mget('a', 'b', 'c');
    await reset();
    const skipped = await transfers.imported('from', text, { policy: 'skip' });
    assert.deepEqual([skipped.written, skipped.skipped, await values()], [2, 1, ['1', 'theirs', '3']]);
    await reset();
    const stopped = await transfers.imported('from', text, { policy: 'stop' });
    assert.deepEqual(
      [stopped.written, stopped.skipped, stopped.stopped, await values()],
      [1, 1, true, ['1', 'theirs', null]],
    );
    await reset();
    const replaced = await transfers.imported('from', text, { policy: 'replace' });
    assert.deepEqual(
      [replaced.written, replaced.replaced, await values(), await peer.ttl('b')],
      [2, 1, ['1', '2', '3'], -1],
    );
    await reset();
    const asked: string[] = [];
    const ask = (key: string) => {
      asked.push(key);
      return Promise.resolve('replace-all' as const);
    };
    await peer.set('c', 'theirs too');
    const answered = await transfers.imported('from', text, { policy: 'ask', ask });
    assert.deepEqual([answered.replaced, asked, await values()], [2, ['b'], ['1', '2', '3']]);
  });

  it('outside the namespace are not written', async () => {
    await peer.mset('app:a', '1', 'other', '2');
    const text = await transfers.exported('from');
    await peer.flushall();
    const report = await transfers.imported('from', text, { prefix: keyName(bytes('app:')) });
    assert.deepEqual([report.written, report.invalid, await peer.keys('*')], [1, 1, ['app:a']]);
  });

  it('are refused from a file of another engine, before anything is written', async () => {
    const text = '{"format":"cachify-keys","version":1,"engine":"memcached"}\n';
    await rejectsWith(transfers.imported('from', text), 'VALIDATION_ERROR', 'invalid');
  });

  it('stop at a bad line when that is wanted, and count what was written before it', async () => {
    await peer.mset('a', '1', 'b', '2');
    const [head, a, b, end] = (await transfers.exported('from')).split('\n');
    await peer.flushall();
    const text = [head, a, 'nonsense', b, end, ''].join('\n');
    const stopped = await transfers.imported('from', text, { onBadLine: 'stop' });
    assert.deepEqual([stopped.written, stopped.invalid, stopped.stopped], [1, 1, true]);
    const skipping = await transfers.imported('from', text);
    assert.deepEqual([skipping.written, skipping.skipped, skipping.invalid], [1, 1, 1]);
  });

  it('are counted honestly when the server dies, and a second run completes', async () => {
    for (let i = 0; i < 300; i++) await peer.set(`k${i}`, `v${i}`);
    const text = await transfers.exported('from');
    const own = await startRedis();
    const others = await transfersOver({
      dying: { port: own.port, timeoutMs: 1500 },
    });
    const fates: string[] = [];
    let killed: Promise<void> | undefined;
    const report = await others.imported('dying', text, {
      onResult: ({ fate }) => {
        fates.push(fate);
        if (fates.length === 100) killed = own.kill();
      },
    });
    assert.ok(report.stopped && report.error);
    assert.equal(report.written, fates.filter((fate) => fate === 'written').length);
    assert.ok(report.written >= 100 && report.failed + report.unknown >= 1 && report.keys < 300);
    await killed;
    await own.start();
    const again = await others.imported('dying', text, { policy: 'skip' });
    assert.deepEqual([again.keys, again.written + again.skipped, again.stopped], [300, 300, false]);
    assert.equal((await others.keysOf('dying')).length, 300);
    await others.close();
    await own.stop();
  });

  it('are counted honestly when cancelled, and a second run completes', async () => {
    for (let i = 0; i < 50; i++) await peer.set(`k${i}`, `v${i}`);
    const text = await transfers.exported('from');
    await peer.flushall();
    const abort = new AbortController();
    let results = 0;
    const onResult = (): void => {
      if (++results === 20) abort.abort();
    };
    const report = await transfers.imported('from', text, { signal: abort.signal, onResult });
    assert.ok(report.cancelled && report.written >= 20 && report.written < 50, String(report.written));
    assert.equal(await peer.dbsize(), report.written);
    const again = await transfers.imported('from', text);
    assert.deepEqual([again.written, again.skipped], [50 - report.written, report.written]);
    assert.deepEqual(await peer.keys('*cachify-load*'), []);
  });

  it('are counted when the file cannot be read on, or the cancel comes while it is read', async () => {
    for (let i = 0; i < 30; i++) await peer.set(`k${i}`, `v${i}`);
    const text = await transfers.exported('from');
    for (const [thrown, isCancelled] of [
      [new EngineError('VALIDATION_ERROR', 'invalid', 'the disk is gone'), false],
      [cancelled('Reading the file'), true],
    ] as const) {
      await peer.flushall();
      async function* chunks(): AsyncIterable<Buffer> {
        yield Buffer.from(text.slice(0, text.length / 2));
        throw thrown;
      }
      const report = await transfers.imported('from', '', { open: () => openRecords(chunks()) });
      assert.ok(report.written > 5 && report.written < 30);
      assert.deepEqual(
        [report.stopped, report.cancelled, await peer.dbsize()],
        [true, isCancelled, report.written],
      );
    }
  });

  it('that a file names twice keep the first value, or get the last', async () => {
    await peer.set('k', 'first');
    const [head, k, end] = (await transfers.exported('from')).split('\n');
    const text = [head, k, k?.replace('first', 'last'), end, ''].join('\n');
    await peer.flushall();
    const skipping = await transfers.imported('from', text);
    assert.deepEqual([skipping.written, skipping.skipped, await peer.get('k')], [1, 1, 'first']);
    const replacing = await transfers.imported('from', text, { policy: 'replace' });
    assert.deepEqual([replacing.replaced, await peer.get('k')], [2, 'last']);
  });

  it('G24: are not written on prod by an import that may replace, unless its name was typed', async () => {
    await peer.set('k', 'theirs');
    const text = (await transfers.exported('from')).replace('theirs', 'mine');
    const prod = await transfersOver({ Shop: { port: server.port, environment: 'prod' } });
    const replacing = (confirmedName?: string) => {
      const request = prod.request('Shop', 'keys.import', { destructive: true });
      const sure = { ...request, ...(confirmedName !== undefined && { confirmedName }) };
      return prod.imported('Shop', text, { policy: 'replace', request: sure });
    };
    await rejectsWith(replacing(), 'UNAUTHORIZED', 'unconfirmed');
    assert.equal(await peer.get('k'), 'theirs');
    assert.equal((await replacing('Shop')).replaced, 1);
    await prod.settled();
    assert.deepEqual(
      prod.history.events.map(({ status }) => status),
      ['blocked', 'success'],
    );
    await prod.close();
  });

  it('are no longer written once the connection was made read-only', async () => {
    for (let i = 0; i < 200; i++) await peer.set(`k${i}`, `v${i}`);
    const text = await transfers.exported('from');
    await peer.flushall();
    const connection = transfers.connection('from');
    let results = 0;
    const onResult = (): void => {
      if (++results === 50) connection.profile = { ...connection.profile, readOnly: true };
    };
    const report = await transfers.imported('from', text, { onResult });
    assert.deepEqual(
      [report.stopped, report.error?.reason, await peer.dbsize()],
      [true, 'read-only', report.written],
    );
    assert.ok(report.keys < 200);
    await rejectsWith(transfers.imported('from', text), 'UNAUTHORIZED', 'read-only');
  });

  it('leave one event in the history for each batch, without a value', async () => {
    await peer.set('k', 'secret value');
    const text = await transfers.exported('from');
    await peer.flushall();
    await transfers.imported('from', text);
    await transfers.settled();
    const [event] = transfers.history.events;
    assert.deepEqual(
      [event?.action, event?.status, event?.details?.['written']],
      ['keys.import', 'success', 1],
    );
    assert.doesNotMatch(JSON.stringify(transfers.history.events), /secret/);
  });

  for (const [what, target] of [
    ['by the server within one connection', 'from'],
    ['from one connection to another', 'to'],
  ] as const)
    it(`are copied to another database with their time to live, ${what}`, async () => {
      await peer.rpush('small', bytes('\xff'));
      await peer.pexpire('small', 5_000_000);
      await peer.set('large', Buffer.alloc(6_000_000, 3));
      const copied = (name: string, replace: boolean) =>
        copyKey({
          gate: transfers.gate,
          request: transfers.request(target, 'key.duplicate', { db: 1 }),
          from: { connection: transfers.connection('from'), db: 0, key: bytes(name) },
          to: { connection: transfers.connection(target), key: bytes(name) },
          replace,
          clock: systemClock,
        });
      for (const name of ['small', 'large']) {
        assert.equal((await copied(name, false)).status, 'applied');
        const again = await copied(name, false);
        assert.equal(again.status === 'conflict' && again.conflict.reason, 'exists');
        assert.equal((await copied(name, true)).status, 'applied');
      }
      const strip = (state: Awaited<ReturnType<typeof stateOf>>) =>
        state.map(([name, digest]) => [name, digest]);
      const [before, after] = [await stateOf(0), await stateOf(1)];
      assert.deepEqual(strip(after), strip(before));
      assert.ok(Math.abs(Number(after[1]?.[2]) - Number(before[1]?.[2])) < 1000);
      await rejectsWith(copied('gone', false), 'CONFLICT', 'gone');
    });
});
