import assert from 'node:assert/strict';
import type { ValuePart } from '../../../src/engine/connections/valuePart';
import { fileTypes } from '../../../src/engine/transfer/fileLines';
import { openRecords, type FileRecord } from '../../../src/engine/transfer/readRecords';
import { valueDigest } from '../../../src/engine/transfer/valueDigest';
import {
  abandonedLine,
  footerLine,
  headerLine,
  keyLines,
  type KeyHead,
} from '../../../src/engine/transfer/writeLines';
import { memoryFile } from '../../helpers/memoryFile';
import { partsOf } from '../../helpers/parts';
import { seededRandom } from '../../helpers/random';
import { RandomValues } from '../../helpers/randomValues';
import { rejectsWith } from '../../helpers/rejects';

type ReadKey = { readonly head: KeyHead; readonly parts: readonly ValuePart[] };
type Seen = ReadKey | Exclude<FileRecord, { kind: 'key' }> | { readonly broken: string };

async function textOf(head: KeyHead, ...parts: readonly ValuePart[]): Promise<string> {
  let text = '';
  for await (const line of keyLines(head, partsOf(...parts))) text += line;
  return text;
}

/** What a file says; with `leave` the values are passed over. */
async function read(text: string | Buffer, leave = false): Promise<Seen[]> {
  const seen: Seen[] = [];
  const { records } = await openRecords(memoryFile(text, 1000).chunks());
  for await (const record of records) {
    if (record.kind !== 'key') seen.push(record);
    else if (!leave) seen.push(await valueOf(record));
  }
  return seen;
}

async function valueOf({
  kind: _kind,
  isShort: _isShort,
  line: _line,
  parts,
  ...head
}: Extract<FileRecord, { kind: 'key' }>): Promise<Seen> {
  const all: ValuePart[] = [];
  try {
    for await (const part of parts) all.push(part);
  } catch (thrown) {
    return { broken: (thrown as Error).message };
  }
  return { head, parts: all };
}

const string = (text: string): ValuePart => ({ kind: 'string', bytes: Buffer.from(text) });
const named = (name: string): KeyHead => ({ key: Buffer.from(name), type: 'string' });
const header = headerLine('redis');

describe('a file of one JSON object a line', () => {
  it('gives back every key byte for byte, whatever it holds', async () => {
    const random = new RandomValues(seededRandom(20_231));
    const keys = Array.from({ length: 300 }, (_, i) =>
      random.key(fileTypes[i % fileTypes.length] ?? 'string', `k${i}:`, 1),
    );
    const texts = await Promise.all(keys.map(({ head, parts }) => textOf(head, ...parts)));
    const seen = await read(header + texts.join('') + footerLine(300, 0));
    assert.deepEqual(seen, [...keys, { kind: 'end', keys: 300, failed: 0 }]);
  });

  it('says text as text and bytes as base64, and never one for the other', async () => {
    const text = await textOf({ ...named('user:1'), expireAtMs: 5 }, string('plain\n'), string('\x00'));
    assert.deepEqual(text.split('\n').filter(Boolean).map((line) => JSON.parse(line) as unknown), [
      { key: { text: 'user:1' }, type: 'string', expireAtMs: 5, value: { text: 'plain\n' }, more: true },
      { part: { base64: 'AA==' } },
    ]); // prettier-ignore
  });

  it('has no line above a mebibyte, and takes elements above it', async () => {
    const huge = Buffer.alloc(3 * 1024 * 1024, 'q"\\');
    const part: ValuePart = {
      kind: 'hash',
      entries: [{ field: Buffer.from('f'), value: huge, expireAtMs: 7 }],
    };
    const text = await textOf({ key: Buffer.from('h'), type: 'hash' }, part);
    for (const line of text.split('\n')) assert.ok(line.length <= 1024 * 1024 + 1024, String(line.length));
    const [only] = await read(header + text + footerLine(1, 0));
    assert.deepEqual(only, { head: { key: Buffer.from('h'), type: 'hash' }, parts: [part] });
  });

  it('passes over values that nobody reads', async () => {
    const long = await textOf(named('a'), string('1'), string('2'), string('3'));
    const seen = await read(header + long + (await textOf(named('b'), string('4'))) + footerLine(2, 0), true);
    assert.deepEqual(seen, [{ kind: 'end', keys: 2, failed: 0 }]);
  });

  it('tells a bad line by its number and goes on behind it', async () => {
    const good = await textOf(named('good'), string('v'));
    const bads = [
      'not json',
      '{"key":{"text":"a"},"type":"nonsense"}',
      '{"key":{"base64":"#"},"type":"string"}',
      '{"x":1}',
    ];
    for (const bad of bads) {
      const seen = await read(
        `${header}${good}${bad}\n{"part":{"text":"orphan"}}\n${good}${footerLine(2, 0)}`,
      );
      assert.deepEqual(seen[1], { kind: 'bad', line: 3, problem: 'is no line of this format' });
      assert.equal(seen.length, 4);
    }
  });

  it('refuses scores that are no numbers, ids that are none, and bytes that do not fit their type', async () => {
    const values = [
      '{"key":{"text":"z"},"type":"zset","value":{"members":[[{"text":"m"},"nan"]]}}',
      '{"key":{"text":"x"},"type":"stream","value":{"entries":[["1",[]]]}}',
      '{"key":{"text":"l"},"type":"list","value":{"text":"v"}}',
      '{"key":{"text":"s"},"type":"string","value":{"text":"v","base64":""}}',
    ];
    for (const value of values) {
      const [seen] = await read(`${header}${value}\n${footerLine(1, 0)}`);
      assert.match(seen && 'broken' in seen ? seen.broken : '', /^Line 2 holds no value of type/);
    }
  });

  it('tells that it was cut off, wherever that happened', async () => {
    const a = await textOf(named('a'), string('1'), string('2'));
    const whole = header + a + a + footerLine(2, 0);
    for (let cut = header.length; cut < whole.length - 1; cut += 9) {
      const seen = await read(whole.slice(0, cut));
      assert.deepEqual(seen.at(-1), { kind: 'truncated' }, `at ${cut}`);
      for (const one of seen) if ('parts' in one) assert.equal(one.parts.length, 2);
    }
  });

  it('takes no key that was abandoned while it was exported, nor one whose rest is missing', async () => {
    const [first = '', ...rest] = (await textOf(named('a'), string('1'), string('2'))).split('\n');
    const b = await textOf(named('b'), string('3'));
    const abandoned = await read(`${header}${first}\n${abandonedLine}${b}${footerLine(1, 0)}`);
    assert.deepEqual(abandoned.map((one) => ('broken' in one ? one.broken : '')), ['Line 3 says that the key could not be exported whole', '', '']); // prettier-ignore
    const missing = await read(`${header}${first}\n${b}${footerLine(1, 0)}`);
    assert.match(missing[0] && 'broken' in missing[0] ? missing[0].broken : '', /^Line 3 comes where/);
    assert.equal(rest.length, 2);
  });

  it('takes no key whose value goes on after its end, and none with a word that is not known', async () => {
    const a = await textOf(named('a'), string('1'));
    for (const more of ['{"part":{"text":"2"}}\n', abandonedLine]) {
      const [seen] = await read(header + a + more + footerLine(1, 0));
      assert.match(seen && 'broken' in seen ? seen.broken : '', /^Line 3 goes on with a value/);
    }
    const marked = a.replace('"type"', '"unevictable":true,"type"');
    assert.deepEqual((await read(header + marked + footerLine(1, 0)))[0], {
      kind: 'bad',
      line: 2,
      problem: 'is no line of this format',
    });
  });

  it('holds moments that are beyond exact numbers as text, and gives them back', async () => {
    const head = { ...named('far'), expireAtMs: 9_223_372_036_854_775_807n };
    const text = await textOf(head, string('v'));
    assert.match(text, /"expireAtMs":"9223372036854775807"/);
    assert.deepEqual(await read(header + text + footerLine(1, 0)), [
      { head, parts: [string('v')] },
      { kind: 'end', keys: 1, failed: 0 },
    ]);
    const later = await read(header + text.replace('807"', '808"') + footerLine(1, 0));
    assert.equal(later[0] && 'kind' in later[0] && later[0].kind, 'bad');
  });

  it('is refused when it is something else, of a later version, or no UTF-8', async () => {
    for (const text of ['', 'SET a b\n', '{"format":"other","version":1,"engine":"redis"}\n'])
      await rejectsWith(read(text), 'VALIDATION_ERROR', 'invalid');
    const later = await rejectsWith(
      read('{"format":"cachify-keys","version":99,"engine":"redis"}\n'),
      'VALIDATION_ERROR',
      'invalid',
    );
    assert.match(later.message, /later version/);
    const latin = Buffer.concat([
      Buffer.from(`${header}{"key":{"text":"`),
      Buffer.from([0xff]),
      Buffer.from('"},"type":"string"}\n'),
    ]);
    assert.deepEqual((await read(latin))[0], {
      kind: 'bad',
      line: 2,
      problem: 'is no UTF-8 text, or too long',
    });
  });
});

describe('the digest of a value', () => {
  const digest = (...parts: ValuePart[]) => valueDigest(partsOf(...parts));
  const set = (...names: string[]): ValuePart => ({
    kind: 'set',
    elements: names.map((name) => Buffer.from(name)),
  });
  const list = (...names: string[]): ValuePart => ({
    kind: 'list',
    elements: names.map((name) => Buffer.from(name)),
  });

  it('does not depend on how a value is cut, nor on the order of what has none', async () => {
    assert.equal(await digest(string('ab'), string('c')), await digest(string('a'), string('bc')));
    assert.equal(await digest(set('a', 'b'), set('c')), await digest(set('c', 'a'), set('b')));
    assert.equal(await digest(list('a'), list('b')), await digest(list('a', 'b')));
    const scored = (score: string): ValuePart => ({ kind: 'zset', members: [[Buffer.from('m'), score]] });
    assert.equal(await digest(scored('0.1')), await digest(scored('0.10000000000000001')));
  });

  it('differs with the bytes, the order of what has one, and the flags', async () => {
    const item = (flags: number): ValuePart => ({ kind: 'item', bytes: Buffer.from('a'), flags });
    const digests = [
      digest(string('a')), digest(string('b')), digest(list('a', 'b')), digest(list('b', 'a')), digest(list('ab')),
      digest(set('a', 'b')), digest(set('ab')), digest(item(1)), digest(item(2)),
    ]; // prettier-ignore
    assert.equal(new Set(await Promise.all(digests)).size, digests.length);
  });
});
