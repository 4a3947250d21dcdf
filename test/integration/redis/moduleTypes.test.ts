import assert from 'node:assert/strict';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import { openValue } from '../../../src/engine/keys/openValue';
import { redisFactory } from '../../../src/providers/redis/redisProvider';
import { type FakeRedis, startFakeRedis } from '../../helpers/fakeRedis';
import { aProfile } from '../../helpers/ports';
import { rejectsWith } from '../../helpers/rejects';
import { call } from '../providerContract';

const key = Buffer.from('g');
const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
const list = (...items: string[]): string => `*${items.length}\r\n${items.join('')}`;
const commandTable = (...names: string[]): string =>
  list(...names.map((name) => list(bulk(name), ':2\r\n', list('+readonly\r\n'))));

const common: Readonly<Record<string, string>> = {
  PING: '+PONG\r\n',
  TYPE: '+graphdata\r\n',
  PTTL: ':-1\r\n',
  'OBJECT ENCODING': bulk('raw'),
  'MEMORY USAGE': ':4321\r\n',
  CLIENT: '+OK\r\n',
};

describe('Values of modules', () => {
  let server: FakeRedis;
  let provider: CacheProvider;
  let sent: string[];

  /** A session with a server that answers these besides what every server does. */
  async function connect(replies: Readonly<Record<string, string>> = {}): Promise<void> {
    const known = { ...common, ...replies };
    sent = [];
    server = await startFakeRedis((args) => {
      const name = (args[0] ?? '').toUpperCase();
      sent.push(name);
      return known[`${name} ${(args[1] ?? '').toUpperCase()}`] ?? known[name];
    });
    const profile = aProfile(server.port);
    provider = await redisFactory.open({ profile, secrets: {}, db: 0, isReadOnly: () => false }, call);
  }
  afterEach(async () => {
    await provider.close();
    await server.close();
  });

  it('are shown as what they are, without any command of their own, when nobody knows the type', async () => {
    await connect();
    const { facts, page, readOnlyReason } = await openValue(provider, key, call);
    assert.deepEqual(facts, { type: 'other', typeName: 'graphdata', encoding: 'raw' });
    assert.equal(page?.kind === 'other' && page.memoryBytes, 4321);
    assert.match(page?.kind === 'other' ? page.note : '', /graphdata/);
    assert.equal(page?.kind === 'other' && page.facts, undefined);
    assert.match(readOnlyReason ?? '', /graphdata/);
    assert.equal(sent.includes('DUMP'), false);
  });

  const types = [
    ['TSDB-TYPE', 'TS.INFO'],
    ['MBbloom--', 'BF.INFO'],
    ['MBbloomCF', 'CF.INFO'],
    ['TopK-TYPE', 'TOPK.INFO'],
    ['CMSk-TYPE', 'CMS.INFO'],
    ['TDIS-TYPE', 'TDIGEST.INFO'],
    ['vectorset', 'VINFO'],
  ] as const;
  for (const [type, command] of types) {
    it(`tell what ${command} says of a ${type}, in bounds`, async () => {
      const info = list(
        ...[bulk('Capacity'), ':100\r\n', bulk('labels'), list(bulk('a'), bulk('b'))],
        ...[bulk('empty'), '*0\r\n', bulk('nothing'), '$-1\r\n', bulk('long\x01'), bulk('x'.repeat(5000))],
      );
      await connect({ TYPE: `+${type}\r\n`, COMMAND: commandTable(command.toLowerCase()), [command]: info });
      const { page } = await openValue(provider, key, call);
      assert.ok(page?.kind === 'other');
      const text = 'x'.repeat(200);
      assert.deepEqual(
        page.facts?.map(({ name, value }) => [name, value]),
        [['Capacity', '100'], ['labels', '2 entries'], ['empty', 'none'], ['nothing', ''], ['long\\x01', text]],
      ); // prettier-ignore
    });
  }

  it('are shown without facts when the command is refused, or not there', async () => {
    const refused = { TYPE: '+TSDB-TYPE\r\n', COMMAND: commandTable('ts.info'), 'TS.INFO': '-NOPERM no\r\n' };
    await connect(refused);
    const { page } = await openValue(provider, key, call);
    assert.equal(page?.kind === 'other' && page.facts, undefined);
    assert.equal(page?.kind === 'other' && page.memoryBytes, 4321);
    await provider.close();
    await server.close();
    await connect({ ...refused, COMMAND: commandTable('get') });
    await openValue(provider, key, call);
    assert.equal(sent.includes('TS.INFO'), false);
  });

  it('give what a path in JSON holds, when it is one place', async () => {
    const at = (types: string, text: string) => connect({ 'JSON.TYPE': types, 'JSON.GET': text });
    await at(list(bulk('object')), bulk('[{"a":1.0}]'));
    const read = (path: string) => provider.readElement(key, { kind: 'json', path }, call);
    assert.equal(String(await read('$.a')), '{"a":1.0}');
    await rejectsWith(read('.a'), 'VALIDATION_ERROR', 'invalid');
    await provider.close();
    await server.close();
    await at('*0\r\n', bulk('[]'));
    assert.equal(await read('$.none'), undefined);
    await provider.close();
    await server.close();
    await at('*-1\r\n', '$-1\r\n');
    assert.equal(await read('$'), undefined);
    await provider.close();
    await server.close();
    await at(list(bulk('integer'), bulk('integer')), bulk('[1,2]'));
    await rejectsWith(read('$..a'), 'VALIDATION_ERROR', 'invalid');
  });
});

describe('A set on a server whose sets keep more than members', () => {
  it('is told to be whole only as the server serialises it', async () => {
    for (const [command, isOpaque] of [
      ['sexpire', true],
      ['sadd', undefined],
    ] as const) {
      const replies: Readonly<Record<string, string>> = {
        ...common, COMMAND: commandTable(command), TYPE: '+set\r\n', PTTL: ':-1\r\n', SCARD: ':1\r\n',
      }; // prettier-ignore
      const server = await startFakeRedis((args) => replies[(args[0] ?? '').toUpperCase()]);
      const profile = aProfile(server.port);
      const provider = await redisFactory.open(
        { profile, secrets: {}, db: 0, isReadOnly: () => false },
        call,
      );
      assert.equal((await provider.describe(key, call))?.isOpaque, isOpaque);
      await provider.close();
      await server.close();
    }
  });
});

describe('Times to live of hash fields', () => {
  const hash = {
    TYPE: '+hash\r\n',
    HLEN: ':2\r\n',
    HSCAN: list(bulk('0'), list(bulk('a'), bulk('1'), bulk('b'), bulk('2'))),
  };

  async function rowsWith(replies: Readonly<Record<string, string>>, times = 1) {
    const sent: string[] = [];
    const server = await startFakeRedis((args) => {
      const name = (args[0] ?? '').toUpperCase();
      sent.push(name);
      return { ...common, ...hash, ...replies }[name];
    });
    const profile = aProfile(server.port);
    const provider = await redisFactory.open({ profile, secrets: {}, db: 0, isReadOnly: () => false }, call);
    let rows: unknown[] = [];
    let hidden: string | undefined;
    for (let i = 0; i < times; i++) {
      const page = await provider.read(key, { type: 'hash', limit: 9, cellLimit: 9 }, call);
      assert.ok(page.kind === 'hash');
      rows = page.rows.map(({ expireAtMs }) => expireAtMs);
      hidden = page.hiddenTtls;
    }
    await provider.close();
    await server.close();
    return { rows, hidden, asked: sent.filter((name) => name === 'HPEXPIRETIME').length };
  }

  it('are told where the server has them', async () => {
    const table = { COMMAND: commandTable('hpexpiretime', 'hscan', 'hlen') };
    const { rows } = await rowsWith({ ...table, HPEXPIRETIME: list(':-1\r\n', ':9223372036854775807\r\n') });
    assert.deepEqual(rows, [undefined, 9_223_372_036_854_775_807n]);
  });

  it('are not asked for where the server has no such command, and at most once where it does not say', async () => {
    assert.equal((await rowsWith({ COMMAND: commandTable('hscan', 'hlen') }, 2)).asked, 0);
    assert.deepEqual(await rowsWith({}, 2), { rows: [undefined, undefined], hidden: undefined, asked: 1 });
    assert.deepEqual(await rowsWith({ HPEXPIRETIME: '-NOPERM no\r\n' }, 2), {
      rows: [undefined, undefined],
      hidden: 'The times to live of the fields cannot be read. HPEXPIRETIME: NOPERM no',
      asked: 1,
    });
  });

  it('leave out a field that has expired since it was listed: it would come back for ever', async () => {
    const table = { COMMAND: commandTable('hpexpiretime', 'hscan', 'hlen') };
    const { rows } = await rowsWith({ ...table, HPEXPIRETIME: list(':-2\r\n', ':-1\r\n') });
    assert.deepEqual(rows, [undefined]);
  });
});
