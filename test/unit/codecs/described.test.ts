import { strict as assert } from 'node:assert';
import { rejectsWith } from '../../helpers/rejects';
import { java, pickle } from './golden';
import { firstView, views } from './viewsFixture';

describe('serialised objects are described, and nothing is made of them', () => {
  it('Java: classes with their version, fields and superclasses', async () => {
    assert.equal(await firstView(java.object), 'java');
    const { text, editable } = await views.decode(java.object, 'java');
    assert.equal(editable, false);
    assert.match(
      text,
      /class J\$Q \(serialVersionUID 43\)\n {2}d: double\nextends J\$P \(serialVersionUID 42\)/,
    );
    assert.match(text, /name: java\.lang\.String\n {2}tags: java\.util\.List/);
  });

  it('Java: texts, maps, arrays and constants', async () => {
    assert.match((await views.decode(java.text, 'java')).text, /Text:\nhello$/);
    assert.match((await views.decode(java.map, 'java')).text, /class java\.util\.HashMap/);
    assert.match((await views.decode(java.array, 'java')).text, /class \[I .*\nElements: 3/s);
    assert.match(
      (await views.decode(java.constant, 'java')).text,
      /Constant of\nclass java\.lang\.Thread\$State/,
    );
  });

  it('pickle: protocol, what it would import, texts', async () => {
    assert.equal(await firstView(pickle.two), 'pickle');
    const two = (await views.decode(pickle.two, 'pickle')).text;
    assert.match(two, /protocol 2/);
    assert.match(two, /datetime\.datetime\n {2}_codecs\.encode/);
    const four = await views.decode(pickle.four, 'pickle');
    assert.match(four.text, /It would import:\n {2}collections\.OrderedDict\n {2}datetime\.date\n/);
    assert.deepEqual(four.notes, ['The pickle was described, not executed']);
    assert.match((await views.decode(pickle.five, 'pickle')).text, /It imports nothing/);
  });

  it('pickle: a name that was remembered and used again is told', async () => {
    // "os", remembered, then taken from there, with "system"
    const bytes = Buffer.from(
      '8004' + '8c026f73' + '94' + '30' + '6800' + '8c0673797374656d' + '93' + '2e',
      'hex',
    );
    assert.match((await views.decode(bytes, 'pickle')).text, / {2}os\.system/);
  });

  it('PHP: arrays, objects with hidden properties, references', async () => {
    const source = Buffer.from(
      'a:4:{s:1:"a";i:9223372036854775807;i:5;d:0.1;s:1:"o";O:3:"Foo":3:{s:1:"p";b:1;s:4:"\0*\0q";N;s:6:"\0Foo\0r";s:3:"\u00fc!";}s:1:"r";R:2;}',
    );
    assert.equal(await firstView(source), 'php');
    const { text } = await views.decode(source, 'php');
    assert.match(text, /"a": 9223372036854775807/);
    assert.match(
      text,
      /"\$class": "Foo",\n {4}"p": true,\n {4}"q \(protected\)": null,\n {4}"r \(private to Foo\)": "ü!"/,
    );
    assert.match(text, /"\$reference": 2/);
  });

  it('PHP: what is not complete is refused', async () => {
    for (const text of [
      'a:1:{i:0;}',
      'a:999999999:{}',
      's:99:"x";',
      'i:1;i:2;',
      'x:1;',
      'O:1:"A":0:',
      's:-1:"";',
    ])
      await rejectsWith(views.decode(Buffer.from(text), 'php'), 'VALIDATION_ERROR', 'invalid');
    const deep = Buffer.from('a:1:{i:0;'.repeat(100_000));
    await rejectsWith(views.decode(deep, 'php'), 'VALIDATION_ERROR', 'invalid');
  });
});

describe('what Redis itself stores', () => {
  it('HyperLogLog: encoding and cached count', async () => {
    const bytes = Buffer.concat([
      Buffer.from('HYLL'),
      Buffer.of(1, 0, 0, 0),
      Buffer.alloc(8),
      Buffer.of(0x7f, 0xff),
    ]);
    bytes.writeBigUInt64LE(1234n, 8);
    assert.equal(await firstView(bytes), 'hyperloglog');
    assert.match(
      (await views.decode(bytes, 'hyperloglog')).text,
      /sparse, 18 bytes\nCardinality: about 1234/,
    );
    bytes[15] = 0x80;
    assert.match((await views.decode(bytes, 'hyperloglog')).text, /not counted since/);
    await rejectsWith(views.decode(Buffer.from('HYLL'), 'hyperloglog'), 'VALIDATION_ERROR', 'invalid');
  });

  it('bitmap: count and positions as SETBIT counts them, no more than 10,000', async () => {
    const { text } = await views.decode(Buffer.of(0b1000_0001, 0, 0b0100_0000), 'bitmap');
    assert.equal(text, '3 of 24 bits are set\n\n0 7 17');
    const full = await views.decode(Buffer.alloc(1024 * 1024, 0xff), 'bitmap');
    assert.match(full.text, /^8388608 of 8388608 bits are set/);
    assert.match(full.text, /… and 8378608 more$/);
  });
});

describe('tokens and pictures', () => {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = Buffer.from(`${part({ alg: 'HS256' })}.${part({ sub: 'x', exp: 1700000000 })}.c2ln`);

  it('JWT: header, payload, times, and that nothing was verified', async () => {
    assert.equal(await firstView(token), 'jwt');
    const { text, notes, editable } = await views.decode(token, 'jwt');
    assert.deepEqual(JSON.parse(text), { header: { alg: 'HS256' }, payload: { sub: 'x', exp: 1700000000 } });
    assert.deepEqual(notes, ['The signature was not verified', 'Expires: 2023-11-14T22:13:20.000Z']);
    assert.equal(editable, false);
    await rejectsWith(views.decode(Buffer.from('a.b.c'), 'jwt'), 'VALIDATION_ERROR', 'invalid');
  });

  const pictures: readonly [string, string][] = [
    ['89504e470d0a1a0a0000', 'image/png'],
    ['ffd8ffe000104a464946', 'image/jpeg'],
    ['474946383961010001', 'image/gif'],
    ['524946460000000057454250', 'image/webp'],
    ['424d3e00000000000000', 'image/bmp'],
    ['0000001c667479706176696600000000', 'image/avif'],
  ];
  for (const [hex, type] of pictures) {
    it(`recognises ${type}`, async () => {
      const bytes = Buffer.from(hex, 'hex');
      assert.equal(await firstView(bytes), 'image');
      assert.equal((await views.decode(bytes, 'image')).imageType, type);
    });
  }

  it('never takes SVG for a picture', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    assert.equal(await firstView(svg), 'text');
    await rejectsWith(views.decode(svg, 'image'), 'VALIDATION_ERROR', 'invalid');
  });
});
