import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { rejectsWith } from '../../helpers/rejects';
import { edited, firstView, views } from './viewsFixture';

const odd =
  '{"big":9007199254740993,"twice":1,"twice":2,"zero":-0,"huge":1e400,"esc":"\\u00e9\\/","__proto__":{}}';

describe('the JSON view', () => {
  it('keeps 64-bit integers, duplicate keys, -0, 1e400, escapes and __proto__ as they are written', async () => {
    const shown = await views.decode(Buffer.from(odd), 'json');
    assert.equal(shown.language, 'json');
    for (const part of [
      '9007199254740993',
      '"twice": 1,',
      '"twice": 2,',
      '-0',
      '1e400',
      '\\u00e9\\/',
      '"__proto__": {}',
    ])
      assert.ok(shown.text.includes(part), part);
    assert.ok(shown.editable);
    const bytes = await edited(Buffer.from(odd), 'json', (text) => text.replace('"zero": -0', '"zero": 5'));
    assert.equal(bytes.toString(), odd.replace('"zero":-0', '"zero":5'));
  });

  const value = { a: [1, 2, { b: null }], empty: [], none: {}, text: 'ä "x"' };
  const layouts: readonly [string, string][] = [
    ['minified', JSON.stringify(value)],
    ['minified with a final newline', `${JSON.stringify(value)}\n`],
    ['two spaces', JSON.stringify(value, undefined, 2)],
    ['four spaces and a final newline', `${JSON.stringify(value, undefined, 4)}\n`],
    ['tabs', JSON.stringify(value, undefined, '\t')],
    ['Windows line ends', JSON.stringify(value, undefined, 2).replaceAll('\n', '\r\n')],
    ["Python's", '{"a": [1, 2, {"b": null}], "empty": [], "text": "x"}'],
    ['a space before the colon', '{"a" : 1,"b" : [2,3]}'],
  ];
  for (const [name, text] of layouts) {
    it(`saves in the layout it found: ${name}`, async () => {
      const bytes = await edited(Buffer.from(text), 'json', (shown) => shown.replace(/\b1\b/, '17'));
      assert.equal(bytes.toString(), text.replace(/\b1\b/, '17'));
    });
  }

  it('is read-only, with the reason, when a layout cannot be repeated', async () => {
    const shown = await views.decode(Buffer.from('{"a":1, "b":2,"c":3}'), 'json');
    assert.equal(shown.editable, false);
    assert.match(shown.readOnlyReason ?? '', /choose Text/);
    assert.deepEqual(
      Object.keys(await views.encode(shown.text, 'json', Buffer.from('{"a":1, "b":2,"c":3}'))),
      ['problem'],
    );
  });

  const faults: readonly [string, number, RegExp][] = [
    ['{"a":}', 5, /value is missing/],
    ['{"a" 1}', 5, /colon/],
    ['[1 2]', 3, /comma or ]/],
    ['[1,]', 3, /value is missing/],
    ['{"a":1,}', 7, /name in double quotes/],
    ['["a', 1, /does not end/],
    ['[01]', 1, /value is missing/],
    ['{} x', 3, /follows the end/],
    ['[1', 2, /ends too early/],
  ];
  for (const [text, at, problem] of faults) {
    it(`says where ${text} is wrong`, async () => {
      const encoded = await views.encode(text, 'json', Buffer.from('{}'));
      assert.ok('problem' in encoded);
      assert.match(encoded.problem, problem);
      assert.equal(encoded.at, at);
      await rejectsWith(views.decode(Buffer.from(text), 'json'), 'VALIDATION_ERROR', 'invalid');
    });
  }

  it('refuses what is nested too deep to be laid out, and offers it as text', async () => {
    const deep = Buffer.from('['.repeat(100_000) + ']'.repeat(100_000));
    await rejectsWith(views.decode(deep, 'json'), 'VALIDATION_ERROR', 'invalid');
    assert.equal(await firstView(deep), 'text');
  });

  it('gives the same bytes for any JSON that JSON.stringify writes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.object(), fc.constantFrom(0, 1, 2, 4, '\t'), async (any, space) => {
        const bytes = Buffer.from(JSON.stringify(any, undefined, space));
        const shown = await views.decode(bytes, 'json');
        assert.ok(shown.editable, bytes.toString());
        assert.deepEqual(JSON.parse(shown.text), JSON.parse(bytes.toString()));
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('shows and saves JSON lines, and says in which one the fault is', async () => {
    const lines = Buffer.from('{"a":1}\n[2]\n\n{"c":3}\n');
    assert.equal(await firstView(lines), 'ndjson');
    const bytes = await edited(lines, 'ndjson', (text) => text.replace('[2]', '[22]'));
    assert.equal(bytes.toString(), '{"a":1}\n[22]\n\n{"c":3}\n');
    const encoded = await views.encode('{"a":1}\n[2', 'ndjson', lines);
    assert.ok('problem' in encoded);
    assert.equal(encoded.at, 10);
  });
});
