import { strict as assert } from 'node:assert';
import { deflateSync } from 'node:zlib';
import { Encoder } from '@msgpack/msgpack';
import fc from 'fast-check';
import { cborOfPlain } from './golden';
import { rejectsWith } from '../../helpers/rejects';
import { edited, firstView, views } from './viewsFixture';

function msgpack(value: unknown, options: { forceFloat32?: boolean } = {}): Buffer {
  return Buffer.from(new Encoder({ useBigInt64: true, ...options }).encode(value));
}

/** Integers above 64 bits are refused. */
function withinRange(_key: string, value: unknown): unknown {
  return typeof value === 'number' && Math.abs(value) >= 2 ** 63 ? 1.5 : value;
}

const plain = {
  id: 7,
  big: 2 ** 40,
  name: 'Grüße',
  list: [1, -1, -200, 70_000, true, null],
  half: 0.5,
  text: 'x'.repeat(30),
};

describe('MessagePack', () => {
  it('of a library is shown, can be edited, and is found unasked', async () => {
    const bytes = msgpack(plain);
    assert.equal(await firstView(bytes), 'msgpack');
    assert.deepEqual(JSON.parse((await views.decode(bytes, 'msgpack')).text), plain);
    const after = await edited(bytes, 'msgpack', (text) => text.replace('"id": 7', '"id": 700'));
    assert.deepEqual(after, msgpack({ ...plain, id: 700 }));
  });

  it('keeps 64-bit integers, and refuses numbers it has no room for', async () => {
    const bytes = msgpack({ max: 2n ** 64n - 1n, min: -(2n ** 63n) });
    const shown = await views.decode(bytes, 'msgpack');
    assert.match(shown.text, /18446744073709551615/);
    assert.match(shown.text, /-9223372036854775808/);
    assert.ok(shown.editable);
    const encoded = await views.encode('{"max": 18446744073709551616}', 'msgpack', bytes);
    assert.ok('problem' in encoded);
    assert.equal(encoded.at, 8);
  });

  it('written with short floats stays so', async () => {
    const bytes = msgpack({ a: 0.5, b: 1.25 }, { forceFloat32: true });
    const after = await edited(bytes, 'msgpack', (text) => text.replace('1.25', '2.25'));
    assert.deepEqual(after, msgpack({ a: 0.5, b: 2.25 }, { forceFloat32: true }));
  });

  it('keeps duplicate keys and __proto__', async () => {
    const bytes = Buffer.from('83a16101a16102a95f5f70726f746f5f5f03', 'hex');
    const shown = await views.decode(bytes, 'msgpack');
    assert.equal(shown.text, '{\n  "a": 1,\n  "a": 2,\n  "__proto__": 3\n}');
    assert.ok(shown.editable);
  });

  it('is read-only where JSON cannot carry what it holds: bytes, extensions, long forms, keys that are numbers', async () => {
    for (const hex of [
      '81a161c40100',
      '81a161d40500',
      '81a161cd0001',
      '810101',
      '81a161a2ff00',
      '81a161cb7ff8000000000000',
    ]) {
      const shown = await views.decode(Buffer.from(hex, 'hex'), 'msgpack');
      assert.equal(shown.editable, false, hex);
      assert.match(shown.readOnlyReason ?? '', /JSON text cannot carry/);
    }
  });

  it('of any value gives the same bytes untouched', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const bytes = msgpack({ value });
        // the library writes -0 as an integer, which is not what JSON says
        const shown = await views.decode(bytes, 'msgpack');
        assert.ok(shown.editable, bytes.toString('hex'));
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  it('refuses lengths beyond its end and nesting beyond reason', async () => {
    const hostile = [
      'ddffffffff',
      'dfffffffff01',
      'dbffffffff41',
      'c6ffffffff00',
      'c9ffffffff0100',
      '818101',
    ];
    for (const hex of hostile)
      await rejectsWith(views.decode(Buffer.from(hex, 'hex'), 'msgpack'), 'VALIDATION_ERROR', 'invalid');
    await rejectsWith(views.decode(Buffer.alloc(100_000, 0x91), 'msgpack'), 'VALIDATION_ERROR', 'invalid');
  });
});

describe('CBOR', () => {
  it('of a library is shown, can be edited, and is found unasked', async () => {
    const bytes = cborOfPlain;
    assert.ok((await views.offered(bytes, {})).slice(0, 2).some(({ id }) => id === 'cbor'));
    assert.deepEqual(JSON.parse((await views.decode(bytes, 'cbor')).text), plain);
    const after = await edited(bytes, 'cbor', (text) => text.replace('"id": 7', '"id": 700'));
    assert.deepEqual(JSON.parse((await views.decode(after, 'cbor')).text), { ...plain, id: 700 });
  });

  it('shows the examples of RFC 8949', async () => {
    const examples: readonly [string, string][] = [
      ['1bffffffffffffffff', '18446744073709551615'],
      ['3bffffffffffffffff', '-18446744073709551616'],
      ['f98000', '-0.0'],
      ['f93e00', '1.5'],
      ['f97bff', '65504.0'],
      ['f90001', '5.960464477539063e-8'],
      ['fa47c35000', '100000.0'],
      ['fb7e37e43c8800759c', '1e+300'],
      ['f97c00', '"Infinity"'],
      ['f97e00', '"NaN"'],
      ['f7', '"undefined"'],
      ['f8ff', '"simple(255)"'],
      ['62c3bc', '"ü"'],
      ['7f657374726561646d696e67ff', '"streaming"'],
    ];
    for (const [hex, text] of examples)
      assert.equal((await views.decode(Buffer.from(hex, 'hex'), 'cbor')).text, text, hex);
    const nested = await views.decode(Buffer.from('bf6346756ef563416d7421ff', 'hex'), 'cbor');
    assert.deepEqual(JSON.parse(nested.text), { Fun: true, Amt: -2 });
    assert.equal(nested.editable, false, 'its length is left open');
    const tagged = await views.decode(Buffer.from('c11a514b67b0', 'hex'), 'cbor');
    assert.deepEqual(JSON.parse(tagged.text), { $tag: 1, $value: 1363896240 });
  });

  it('with floats as short as they can be stays so', async () => {
    const bytes = Buffer.from('a26161f93e006162fa47c35000', 'hex');
    const after = await edited(bytes, 'cbor', (text) => text.replace('1.5', '0.5'));
    assert.equal(after.toString('hex'), 'a26161f938006162fa47c35000');
  });

  it('written from any JSON shows the same JSON again, and can be edited', async () => {
    const original = Buffer.from('a16161fb3ff8000000000000', 'hex');
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const text = JSON.stringify({ value }, withinRange);
        const encoded = await views.encode(text, 'cbor', original);
        assert.ok('bytes' in encoded);
        const shown = await views.decode(encoded.bytes, 'cbor');
        assert.deepEqual(JSON.parse(shown.text), JSON.parse(text));
        assert.ok(shown.editable, encoded.bytes.toString('hex'));
      }),
      { seed: 12, numRuns: 200 },
    );
  });

  it('refuses lengths beyond its end and nesting beyond reason', async () => {
    for (const hex of ['9bffffffffffffffff', 'bb00000000ffffffff', '5affffffff00', '7f', 'a1800000', '1c'])
      await rejectsWith(views.decode(Buffer.from(hex, 'hex'), 'cbor'), 'VALIDATION_ERROR', 'invalid');
    for (const byte of [0x81, 0x9f, 0xc1, 0xbf])
      await rejectsWith(views.decode(Buffer.alloc(100_000, byte), 'cbor'), 'VALIDATION_ERROR', 'invalid');
  });
});

it('MessagePack within zlib within Base64 can be edited', async () => {
  const bytes = Buffer.from(deflateSync(msgpack(plain)).toString('base64'));
  assert.equal(await firstView(bytes), 'base64+zlib+msgpack');
  await edited(bytes, 'base64+zlib+msgpack', (text) => text.replace('"id": 7', '"id": 8'));
});
