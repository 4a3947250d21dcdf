import assert from 'node:assert/strict';
import type { ValuePart } from '../../../src/engine/connections/valuePart';
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
      readonly expireAtMs: number | undefined;
    };

async function read(text: string): Promise<Seen[]> {
  const seen: Seen[] = [];
  for await (const record of openCommands(memoryFile(text, 1000).chunks()).records) {
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
      ['SET a"b"', undefined],
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
      'XADD a * f v', 'XGROUP SETID a g 0', 'RESTORE a 5 payload', 'PEXPIREAT a soon', 'HSET a f', 'SELECT 1', 'SET "a', 'MODULE LOAD x',
      'XCLAIM a g c 5 1-1', 'JSON.SET a .x 1', 'PEXPIREAT a 5 LT', 'MULTI',
    ]; // prettier-ignore
    for (const line of refused) {
      const seen = await read(`SET before 1\n${line}\nSET after 2\n`);
      assert.deepEqual(seen.map((one) => ('kind' in one ? [one.kind, 'line' in one && one.line] : one.key)), ['6265666f7265', ['bad', 2], '6166746572'], line); // prettier-ignore
    }
  });

  it('is refused for a key of two types, and for an expiry without a value', async () => {
    const mixed = await read('SET a 1\nRPUSH a 2\nSET b 1\n');
    assert.deepEqual(mixed[0], { kind: 'bad', line: 2, problem: 'makes a list of a key that is a string' });
    const bare = await read('PEXPIREAT a 5\n');
    assert.deepEqual(bare, [{ kind: 'bad', line: 1, problem: 'is of a key that no line gives a value' }]);
  });

  it('is refused where one key would be put together from two: what a server would replace, and what stands apart', async () => {
    const problems = async (text: string) =>
      (await read(text)).map((one) => ('problem' in one ? one.line : 'key' in one ? one.key : one.kind));
    assert.deepEqual(await problems('SET a 1\nAPPEND a 2\nSET a 3\nSET b 1\n'), [3, '62']);
    assert.deepEqual(await problems('JSON.SET a $ 1\nJSON.SET a $ 2\n'), [2]);
    assert.deepEqual(await problems('RPUSH a 1\nRPUSH b 1\nRPUSH a 2\nRPUSH a 3\nSET c 1\n'), [
      '61',
      '62',
      3,
      '63',
    ]);
    assert.deepEqual(await problems('RPUSH a 1\nDEL x\nRPUSH a 2\n'), ['61', 2, 3]);
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
