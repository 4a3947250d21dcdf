import assert from 'node:assert/strict';
import { Redis } from 'ioredis';
import type { CacheProvider } from '../../../src/engine/connections/cacheProvider';
import type { Change } from '../../../src/engine/connections/change';
import { systemClock } from '../../../src/engine/kernel/clock';
import { commandFormat } from '../../../src/engine/transfer/commandFormat';
import { copyKey } from '../../../src/engine/transfer/copyKey';
import { linesFormat } from '../../../src/engine/transfer/fileFormat';
import { readParts } from '../../../src/engine/transfer/readParts';
import { headerLine } from '../../../src/engine/transfer/writeLines';
import { inverseOf } from '../../../src/engine/values/undo';
import { type CacheServer, startRedis } from '../../helpers/cacheServer';
import { rejectsWith } from '../../helpers/rejects';
import { transfersOver, type Transfers } from './transferFixture';

const call = { timeoutMs: 5000 };
const far = '4000000000123';
const key = Buffer.from('h');
const text = (value: string): Buffer => Buffer.from(value);

describe('times to live of hash fields on the server itself', () => {
  let server: CacheServer;
  let peer: Redis;
  let transfers: Transfers;
  let provider: CacheProvider;
  let hasThem: boolean;

  before(async () => {
    server = await startRedis();
    peer = new Redis(server.port, '127.0.0.1', { protocol: 2, stringNumbers: true });
    const [known] = (await peer.call('COMMAND', 'INFO', 'HPEXPIRETIME')) as unknown[];
    const refused = known === null ? [] : ['-hpexpiretime', '-hpttl'];
    await peer.call('ACL', 'SETUSER', 'unknown', 'on', '>p', '~*', '+@all', ...refused);
    const auth = { method: 'password', username: 'unknown', secret: 'stored' } as const;
    transfers = await transfersOver(
      {
        own: { port: server.port },
        blind: { port: server.port, auth },
      },
      { blind: 'p' },
    );
    provider = await transfers.connection('own').provider(0);
    hasThem = provider.capabilities.fieldTtl.available;
  });

  beforeEach(async () => {
    await peer.flushall();
    await peer.hset('h', { f: '1', g: '2' });
    if (hasThem) await peer.call('HPEXPIREAT', 'h', far, 'FIELDS', '1', 'f');
  });

  after(async () => {
    await transfers.close();
    peer.disconnect();
    await server.stop();
  });

  /** What the fields of a hash are and when they expire, as the server tells it; -1 for all on a server without. */
  const hashOf = async (name: string): Promise<Record<string, string>> => {
    const fields = await peer.hgetall(name);
    const seen: Record<string, string> = {};
    for (const [field, value] of Object.entries(fields).sort()) {
      const [at] = hasThem
        ? ((await peer.call('HPEXPIRETIME', name, 'FIELDS', '1', field)) as string[])
        : ['-1'];
      seen[field] = `${value}@${at ?? ''}`;
    }
    return seen;
  };
  const lives = (): string => (hasThem ? far : '-1');
  const write = (change: Change, id = 'own') =>
    transfers.gate.run(
      transfers.request(id, 'key.edit', { destructive: true }),
      ({ provider: writer, permit }) => writer.apply(change, permit, call),
      () => ({ status: 'success' }),
    );
  const copied = (id: string, to: string) =>
    copyKey({
      gate: transfers.gate,
      request: transfers.request(id, 'key.copy', { db: 1 }),
      from: { connection: transfers.connection('own'), db: 0, key },
      to: { connection: transfers.connection(id), key: text(to) },
      replace: true,
      clock: systemClock,
    });

  it('are shown, kept over an edit, a rename and its undo, a duplicate, and both kinds of file', async () => {
    const page = await provider.read(key, { type: 'hash', limit: 9, cellLimit: 9 }, call);
    assert.ok(page.kind === 'hash');
    assert.deepEqual(page.rows.map((row) => String(row.expireAtMs ?? -1)).sort(), ['-1', lives()].sort());
    const edits = [{ field: text('f'), before: text('1'), after: text('9') }];
    assert.equal((await write({ kind: 'elements', key, edits: { type: 'hash', edits } })).status, 'applied');
    assert.deepEqual(await hashOf('h'), { f: `9@${lives()}`, g: '2@-1' });
    const rename: Change = {
      kind: 'elements',
      key,
      edits: {
        type: 'hash',
        edits: [
          { field: text('new'), after: text('9'), ttlOf: text('f') },
          { field: text('f'), before: text('9') },
        ],
      },
    };
    assert.equal((await write(rename)).status, 'applied');
    assert.deepEqual(await hashOf('h'), { g: '2@-1', new: `9@${lives()}` });
    const undo = inverseOf(rename, { status: 'applied' });
    assert.ok(undo);
    assert.equal((await write(undo)).status, 'applied');
    const whole = { f: `9@${lives()}`, g: '2@-1' };
    assert.deepEqual(await hashOf('h'), whole);
    await write({ kind: 'duplicate', key, to: text('twin'), replace: false });
    assert.deepEqual(await hashOf('twin'), whole);
    for (const format of [linesFormat, commandFormat]) {
      const file = await transfers.exported('own', { format });
      await peer.flushall();
      assert.equal((await transfers.imported('own', file)).written, 2);
      assert.deepEqual([await hashOf('h'), await hashOf('twin')], [whole, whole]);
    }
  });

  it('end with the field: none of many that expire while they are read comes back for ever', async () => {
    const count = 2000;
    for (let round = 0; round < 4; round++) {
      await peer.del('h');
      const fields = Array.from({ length: count }, (_, i) => `f${i}`);
      await peer.hset('h', Object.fromEntries(fields.map((field) => [field, 'v'.repeat(50)])));
      if (hasThem)
        await peer.call('HPEXPIRE', 'h', String(20 + round * 15), 'FIELDS', String(count), ...fields);
      const facts = await provider.describe(key, call);
      if (!facts) continue;
      for await (const part of readParts(provider, key, facts, call, () => systemClock.now())) {
        assert.ok(part.kind === 'hash');
        const permanent = part.entries.filter(({ expireAtMs }) => expireAtMs === undefined).length;
        assert.equal(permanent, hasThem ? 0 : part.entries.length);
      }
    }
  });

  it('are edited by nobody who may not see them, whatever that user is called', async () => {
    const edits = [{ field: text('f'), before: text('1'), after: text('9') }];
    const edit = write({ kind: 'elements', key, edits: { type: 'hash', edits } }, 'blind');
    if (hasThem) await rejectsWith(edit, 'UNAUTHORIZED', 'no-permission');
    else assert.equal((await edit).status, 'applied');
    assert.deepEqual(await hashOf('h'), { f: `${hasThem ? '1' : '9'}@${lives()}`, g: '2@-1' });
  });

  it('keep a hash out of a file when the user may not see them, and the file says so', async () => {
    const file = await transfers.exported('blind');
    assert.match(file, hasThem ? /"failed":1/ : /"failed":0/);
    const blind = await transfers.connection('blind').provider(0);
    const page = await blind.read(key, { type: 'hash', limit: 9, cellLimit: 9 }, call);
    assert.ok(page.kind === 'hash');
    assert.equal(page.hiddenTtls !== undefined, hasThem, page.hiddenTtls);
  });

  it('that the server does not take are refused before anything is changed', async () => {
    const ttl = { mode: 'set', expireAtMs: 281_474_976_710_655 } as const;
    const edits = [{ field: text('f'), before: text('1'), after: text('9'), ttl }];
    let status: string;
    try {
      ({ status } = await write({ kind: 'elements', key, edits: { type: 'hash', edits } }));
    } catch {
      status = 'refused';
    }
    const [taken] = Object.values(await hashOf('h'));
    assert.equal(taken, status === 'applied' ? `9@${ttl.expireAtMs}` : `1@${lives()}`);
  });

  it('that are over in a file cost those fields only; with nothing else the key has expired', async () => {
    const entry = (name: string, at?: number): string =>
      JSON.stringify([{ text: name }, { text: 'v' }, ...(at === undefined ? [] : [at])]);
    const part = (word: string, entries: readonly string[], more: boolean): string =>
      `"${word}":{"entries":[${entries.join(',')}]}${more ? ',"more":true' : ''}`;
    const old = Date.now() - 1000;
    const head = (name: string): string => `{"key":{"text":"${name}"},"type":"hash",`;
    const mixed = `${head('mixed')}${part('value', [entry('a', old), entry('b', old)], true)}}\n{${part('part', [entry('c')], false)}}\n`;
    const over = `${head('over')}${part('value', [entry('a', old)], true)}}\n{${part('part', [entry('b', old)], false)}}\n`;
    const report = await transfers.imported(
      'own',
      headerLine('redis') + mixed + over + linesFormat.footer(2, 0),
    );
    if (hasThem) {
      assert.deepEqual([report.written, report.expired, report.failed], [1, 1, 0]);
      assert.deepEqual([await hashOf('mixed'), await peer.call('EXISTS', 'over')], [{ c: 'v@-1' }, '0']);
    } else
      assert.deepEqual([report.written, report.failed], [0, 2], 'a server without them takes no such hash');
    assert.deepEqual(await peer.keys('*cachify-load*'), []);
  });

  it('that differ make a plan say that the value is another', async () => {
    const file = await transfers.exported('own');
    assert.deepEqual(await planned(file), [1, 0]);
    if (hasThem) await peer.call('HPEXPIREAT', 'h', '4000000009999', 'FIELDS', '1', 'f');
    else await peer.hset('h', 'f', 'other');
    assert.deepEqual(await planned(file), [0, 1]);
  });

  it('are not counted when they are over', async () => {
    if (hasThem) await peer.call('HPEXPIRE', 'h', '1', 'FIELDS', '1', 'f');
    else await peer.hdel('h', 'f');
    let rows = 2;
    while (rows > 1) {
      const page = await provider.read(key, { type: 'hash', limit: 9, cellLimit: 9 }, call);
      assert.ok(page.kind === 'hash');
      rows = page.rows.length;
      assert.equal(page.total, rows);
    }
  });

  it('go with the hash to another database', async () => {
    assert.equal((await copied('own', 'there')).status, 'applied');
    await peer.select(1);
    try {
      assert.deepEqual(await hashOf('there'), { f: `1@${lives()}`, g: '2@-1' });
    } finally {
      await peer.select(0);
    }
  });

  const planned = async (file: string): Promise<[number, number]> => {
    const { same, different } = await transfers.planned('own', file);
    return [same, different];
  };
});
