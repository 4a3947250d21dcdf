import assert from 'node:assert/strict';
import type { ValuePart } from '../../../src/engine/connections/valuePart';
import type { Moment } from '../../../src/engine/kernel/moment';
import { commandFormat } from '../../../src/engine/transfer/commandFormat';
import { commandLine, parseCommandLine } from '../../../src/engine/transfer/commandLine';
import { openCommands } from '../../../src/engine/transfer/readCommands';
import type { FileRecord } from '../../../src/engine/transfer/readRecords';
import { valueDigest } from '../../../src/engine/transfer/valueDigest';
import { memoryFile } from '../../helpers/memoryFile';
import { partsOf } from '../../helpers/parts';
import { seededRandom } from '../../helpers/random';
import { RandomValues } from '../../helpers/randomValues';

type Seen =
  | Exclude<FileRecord, { kind: 'key' }>
  | {
      readonly key: string;
      readonly type: string;
      readonly digest: string;
      readonly expireAtMs: Moment | undefined;
    };

async function read(text: string | Buffer): Promise<Seen[]> {
  const seen: Seen[] = [];
  for await (const record of openCommands(() => memoryFile(text, 1000).chunks()).records) {
    if (record.kind !== 'key') seen.push(record);
    else {
      const { key, type, expireAtMs } = record;
      seen.push({ key: key.toString('hex'), type, digest: await valueDigest(record.parts), expireAtMs });
    }
  }
  return seen;
}

async function textOf(
  head: Parameters<typeof commandFormat.key>[0],
  ...parts: readonly ValuePart[]
): Promise<string> {
  let text = '';
  for await (const piece of commandFormat.key(head, partsOf(...parts))) text += piece;
  return text;
}

describe('a line of redis-cli', () => {
  it('gives back any bytes, in ASCII', () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const random = seededRandom(5);
    const lists = [
      [all],
      [Buffer.alloc(0), all],
      ...Array.from({ length: 200 }, () => [random.bytes(random.below(20)), random.bytes(3)]),
    ];
    for (const args of lists) {
      const line = commandLine(args);
      assert.match(line, /^[ -~]*\n$/);
      assert.deepEqual(parseCommandLine(line), args);
    }
  });

  it('is read as redis-cli reads it', () => {
    const cases: [string, string[] | undefined][] = [
      ['SET a  b\r', ['SET', 'a', 'b']],
      [String.raw`SET "a \x41\n\"\q" 'it\'s \n'`, ['SET', 'a A\n"q', String.raw`it's \n`]],
      ['SET ключ "значение"', ['SET', 'ключ', 'значение']],
      ['', []],
      ['SET "a', undefined],
      ['SET "a"b', undefined],
      ['SET a"b"', ['SET', 'ab']],
      [String.raw`SET k '\\'`, undefined],
    ];
    for (const [line, expected] of cases)
      assert.deepEqual(parseCommandLine(line)?.map(String), expected, line);
  });
});

describe('a file of Redis commands', () => {
  const types = ['string', 'hash', 'list', 'set', 'zset', 'stream', 'json', 'dump'] as const;
  const footer = (keys: number): string => commandFormat.footer(keys, 0);
  const header = commandFormat.header('redis');

  it('gives back every key, whatever it holds', async () => {
    const random = new RandomValues(seededRandom(3));
    const keys = Array.from({ length: 200 }, (_, i) =>
      random.key(types[i % types.length] ?? 'string', `k${i}:`, 1),
    );
    const texts = await Promise.all(keys.map(({ head, parts }) => textOf(head, ...parts)));
    const expected = await Promise.all(
      keys.map(async ({ head, parts }) => ({
        key: head.key.toString('hex'), type: head.type, digest: await valueDigest(partsOf(...parts)), expireAtMs: head.expireAtMs,
      })),
    ); // prettier-ignore
    assert.deepEqual(await read(header + texts.join('') + footer(200)), [
      ...expected,
      { kind: 'end', keys: 200, failed: 0 },
    ]);
  });

  it('sets the expiry after the value, and deletes nothing', async () => {
    const text = await textOf(
      { key: Buffer.from('a b'), type: 'string', expireAtMs: 7 },
      { kind: 'string', bytes: Buffer.from('\x00') },
    );
    assert.equal(text, 'SET "a b" "\\x00"\nPEXPIREAT "a b" 7\n');
  });

  it('is refused line by line where it would do more than add data', async () => {
    const refused = [
      'FLUSHALL', 'DEL a', 'CONFIG SET dir /tmp', 'EVAL "return 1" 0', 'SET a b EX 5', 'SET a', 'ZADD a nan m', 'ZADD a NX 1 m',
      'XADD a * f v', 'XGROUP SETID a g 0', 'RESTORE a 5 payload', 'PEXPIREAT a soon', 'HSET a f', 'SELECT 1', 'SET a "b', 'MODULE LOAD x',
      'XCLAIM a g c 5 1-1', 'JSON.SET a .x 1', 'PEXPIREAT a 5 LT', 'MULTI',
    ]; // prettier-ignore
    for (const line of refused) {
      const seen = await read(`SET before 1\n${line}\nSET after 2\n`);
      assert.deepEqual(seen.map((one) => ('kind' in one ? [one.kind, 'line' in one && one.line] : one.key)), ['6265666f7265', ['bad', 2], '6166746572'], line); // prettier-ignore
    }
  });

  it('is refused for a key of two types, and for an expiry without a value', async () => {
    const mixed = await read('SET a 1\nRPUSH a 2\nSET b 1\n');
    assert.deepEqual(mixed[0], {
      kind: 'bad',
      key: Buffer.from('a'),
      line: 2,
      problem: 'makes a list of a key that is a string',
    });
    const bare = await read('PEXPIREAT a 5\n');
    const problem = 'gives a time to live to a key that has no value yet';
    assert.deepEqual(bare, [{ kind: 'bad', key: Buffer.from('a'), line: 1, problem }]);
  });

  it('is refused where one key would be put together from two: what a server would replace, and what stands apart', async () => {
    const problems = async (text: string) =>
      (await read(text)).map((one) => ('problem' in one ? one.line : 'key' in one ? one.key : one.kind));
    assert.deepEqual(await problems('SET a 1\nAPPEND a 2\nSET a 3\nSET b 1\n'), [3, '62']);
    assert.deepEqual(await problems('JSON.SET a $ 1\nJSON.SET a $ 2\n'), [2]);
    assert.deepEqual(await problems('RPUSH a 1\nRPUSH b 1\nRPUSH a 2\nRPUSH a 3\nSET c 1\n'), [
      3,
      '62',
      '63',
    ]);
    assert.deepEqual(await problems('RPUSH a 1\nDEL x\nRPUSH a 2\n'), [3, 2]);
  });

  it('gives no key of which a line is refused or cannot be read, wherever that line stands', async () => {
    const seen = async (text: string) =>
      (await read(text)).map((one) =>
        'key' in one && typeof one.key === 'string' ? one.key : 'line' in one && one.line,
      );
    assert.deepEqual(await seen('RPUSH l a b\nRPUSH l "c"d\nRPUSH l e\nSET x 1\n'), [2, '78']);
    assert.deepEqual(await seen('SET w 1\nEXPIREAT w 9999999999\nSET x 1\n'), [2, '78']);
    assert.deepEqual(await seen('SET s one\nAPPEND s "two"three\n'), [2]);
    assert.deepEqual(await seen('RPUSH l "a"b\nRPUSH l c\n'), [1], 'the first line');
    assert.deepEqual(await seen('RPUSH l a\nSET x 1\nPERSIST l\n'), [3, '78'], 'a line far below');
    assert.deepEqual(await seen('MSET l 1 m 2\nSET x 1\nRPUSH l a\n'), ['78', 1], 'a line far above');
  });

  it('gives none of the keys beside a line of which not even the key can be told', async () => {
    const seen = async (text: string | Buffer) =>
      (await read(text)).map((one) =>
        'key' in one && typeof one.key === 'string' ? one.key : 'line' in one && one.line,
      );
    assert.deepEqual(await seen('SET a 1\nRPUSH l x\nRPUSH "l" "\nSET b 1\nSET c 1\n'), [
      '61',
      3,
      '62',
      '63',
    ]);
    assert.deepEqual(await seen('SET a 1\nRPUSH "l\nSET b 1\nSET c 1\n'), [2, 2, 2, '63']);
    const binary = Buffer.concat([
      Buffer.from('SET a 1\n'),
      Buffer.from([0xff, 10]),
      Buffer.from('SET b 1\n'),
    ]);
    assert.deepEqual(await seen(binary), [2, 2, 2]);
  });

  it('gives no key whose commands a server would undo, ignore or refuse in their order', async () => {
    for (const text of [
      'PEXPIREAT a 4000000000000\nSET a 1\n',
      'HSET a f 1\nHPEXPIREAT a 4000000000000 FIELDS 1 f\nHSET a f 2\n',
      'HSET a f 1\nHPEXPIREAT a 4000000000000 FIELDS 1 g\n',
      'XADD a 1-1 f v\nXGROUP CREATECONSUMER a g c\n',
      'XADD a 1-1 f v\nXGROUP DESTROY a g\n',
      'XADD a 1-1 f v\nXCLAIM a g c 0 1-1 TIME 5 RETRYCOUNT 1 FORCE JUSTID\n',
      'SET a 1\nPEXPIREAT a 9223372036854775808\n',
    ])
      assert.deepEqual(
        (await read(text)).map((one) => 'kind' in one && one.kind),
        ['bad'],
        text,
      );
  });

  it('gives each key as it was written or names it, whatever happened to one of the lines', async () => {
    const random = seededRandom(90);
    const values = new RandomValues(random);
    const damages: ((line: string) => string)[] = [
      () => '\xff"',
      (line) => `${line.slice(0, random.below(line.length))}"`,
      (line) => line.replace(/^\S+/, 'GETDEL'),
      (line) => `${line} "x`,
      (line) => line.slice(0, Math.max(1, random.below(line.length))),
    ];
    for (let round = 0; round < 300; round++) {
      const keys = Array.from({ length: 4 }, (_, i) =>
        values.key(types[random.below(types.length)] ?? 'list', `k${i}:`, 1),
      );
      const texts = await Promise.all(keys.map(({ head, parts }) => textOf(head, ...parts)));
      const lines = texts.join('').split('\n').slice(0, -1);
      const at = random.below(lines.length);
      const damaged = lines.with(at, random.pick(damages)(lines[at] ?? ''));
      const original = new Map(
        (await read(`${lines.join('\n')}\n`)).map((one) => ['key' in one ? String(one.key) : '', one]),
      );
      const line = damaged[at] ?? '';
      for (const one of await read(`${damaged.join('\n')}\n`)) {
        if (!('key' in one) || typeof one.key !== 'string') continue;
        // a line that was cut off to another whole command says another thing: nobody can tell
        if (parseCommandLine(line)?.length !== undefined && !line.startsWith('GETDEL')) continue;
        assert.deepEqual(one, original.get(one.key), `round ${round}: ${line}`);
      }
    }
  });

  it('tells that it was cut off, and takes no number that was', async () => {
    const whole = `${header}SET a 1\nPEXPIREAT a 4000000000000\n${footer(1)}`;
    for (let cut = header.length; cut < whole.length; cut++)
      assert.deepEqual((await read(whole.slice(0, cut))).at(-1), { kind: 'truncated' }, `at ${cut}`);
    assert.deepEqual(await read('SET a 1\nPEXPIREAT a 40'), [{ kind: 'truncated' }]);
  });

  it('gives the keys of a file that a person wrote', async () => {
    const [only] = await read('hset user:1 name "Ann"\nhpexpireat user:1 9 FIELDS 1 name\n');
    assert.equal(only && 'type' in only && only.type, 'hash');
  });
});
