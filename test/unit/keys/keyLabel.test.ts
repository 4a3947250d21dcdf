import assert from 'node:assert/strict';
import fc from 'fast-check';
import { keyBytes, keyName, keyNameOfText } from '../../../src/engine/kernel/keyName';
import { bytesOfLabel, keyLabel, labelOfBytes } from '../../../src/engine/keys/keyLabel';

const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: 'binary' }).map((text) => Buffer.from(text, 'utf8')),
  // valid text with broken sequences in between
  fc
    .array(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 3 }), fc.uint8Array({ maxLength: 3 })))
    .map((parts) => Buffer.concat(parts.map((part) => Buffer.from(part as string)))),
);

/** What would break a line, hide, or reorder what is drawn around it. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|\p{Surrogate}/u;

const strange: Record<string, Buffer> = {
  empty: Buffer.alloc(0),
  NUL: Buffer.from([0]),
  'no UTF-8': Buffer.from([0xff, 0xfe, 0xc0, 0x80]),
  'a newline': Buffer.from('a\r\nb'),
  'right to left': Buffer.from('\u202etxt.exe\u202c \u200f\u061c\u2066'),
  'zero width': Buffer.from('a\u200b\u200d\u2060\ufeff\u00ad\u034f\u115f\u3164b'),
  'tag characters': Buffer.from('a\u{e0061}\u{e007f}'),
  'a variation selector': Buffer.from('\u2764\ufe0f'),
  'the replacement character itself': Buffer.from('\ufffd'),
  'the replacement character beside a broken byte': Buffer.concat([
    Buffer.from('\ufffd'),
    Buffer.from([0xff]),
  ]),
  'a surrogate as bytes': Buffer.from([0xed, 0xa0, 0x80]),
  'a cut sequence': Buffer.from([0xf0, 0x9f, 0x98]),
  'what looks like an escape': Buffer.from('\\xff \\n \\u{41} \\'),
  ['__proto__']: Buffer.from('__proto__'),
  '60 KB of text': Buffer.alloc(60_000, 'é'),
  '60 KB of broken bytes': Buffer.alloc(60_000, 0xff),
};

describe('the label of a key', () => {
  it('gives back the same bytes, whatever they are', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        assert.deepEqual(bytesOfLabel(labelOfBytes(bytes)), bytes);
      }),
      { numRuns: 1000 },
    );
  });

  it('is one line with nothing invisible in it', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        assert.doesNotMatch(labelOfBytes(bytes), invisible);
      }),
      { numRuns: 1000 },
    );
  });

  it('differs for keys that differ', () => {
    fc.assert(
      fc.property(anyBytes, anyBytes, (a, b) => {
        assert.equal(labelOfBytes(a) === labelOfBytes(b), a.equals(b));
      }),
    );
  });

  for (const [what, bytes] of Object.entries(strange)) {
    it(`shows ${what} on one line and reads it back`, () => {
      const label = keyLabel(keyName(bytes));
      assert.doesNotMatch(label, invisible);
      assert.deepEqual(bytesOfLabel(label), bytes);
    });
  }

  it('leaves readable text as it is', () => {
    for (const text of ['user:42', 'grüße/日本語 😀', 'a b c', '{slot}.x', 'हिन्दी', 'ไทย', 'עִברִית'])
      assert.equal(keyLabel(keyNameOfText(text)), text);
  });

  it('writes what it escapes as people know it', () => {
    const label = labelOfBytes(Buffer.concat([Buffer.from('\t\n\\\u0001\u0085\u202e'), Buffer.from([0xff])]));
    assert.equal(label, String.raw`\t\n\\\x01\u{85}\u{202e}\xff`);
  });

  it('looks different for names that differ in what is drawn alike', () => {
    const alike: readonly (readonly string[])[] = [
      ['leading', ' leading', 'leading ', ' leading '],
      ['a b', 'a  b', 'a\u00a0b', 'a\u2003b', 'a\u3000b', 'a\u1680b'],
      ['\u00e9', 'e\u0301'],
      ['\u00c5', '\u212b', 'A\u030a'],
      ['\uac00', '\u1100\u1161'],
      ['\ue000', '\uf8ff', '\u{10fffd}'],
      ['\u0378', '\u0379', '\uffff'],
      ['x\u0301\u0323', 'x\u0323\u0301'],
      ['\u0301', ' \u0301', '\n\u0301'],
      ['', ' ', '\u00a0', '\\(empty)'],
    ];
    for (const names of alike) {
      const labels = names.map((name) => keyLabel(keyNameOfText(name)));
      const drawn = labels.map((label) => label.normalize('NFC').trim().replace(/\s+/gu, ' '));
      assert.equal(new Set(drawn).size, names.length, drawn.join(' | '));
      assert.ok(
        labels.every((label) => !/\p{Co}|\p{Cn}|^\p{M}/u.test(label)),
        labels.join(' | '),
      );
    }
  });

  it('never differs from another one only in spaces, or in how a mark is stored', () => {
    const unit = fc.constantFrom(
      ' ',
      'a',
      'e',
      '\u0301',
      '\u0323',
      '\u00e9',
      '\u00a0',
      '\u1100',
      '\u1161',
      '\uac00',
    );
    const drawn = (text: string): string =>
      labelOfBytes(Buffer.from(text)).normalize('NFC').trim().replace(/\s+/gu, ' ');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 4 }), fc.string({ unit, maxLength: 4 }), (a, b) => {
        assert.equal(drawn(a) === drawn(b), a === b);
      }),
      { numRuns: 3000 },
    );
  });

  it('has a word for the name without bytes, which can be typed', () => {
    assert.equal(keyLabel(keyName(Buffer.alloc(0))), '\\(empty)');
    assert.deepEqual(bytesOfLabel('\\(empty)'), Buffer.alloc(0));
  });

  it('refuses a label that is none, instead of guessing bytes', () => {
    const wrong = [
      '\\', 'a\\', '\\q', '\\xf', '\\xgg', '\\u41', '\\u{}', '\\u{110000}', '\\u{ffffffff}', '\\u{d800}',
      '\\u{dfff}', '\\u{d83d}\\u{de00}', '\ud800', 'a\udc00b', '\\\\\\',
    ]; // prettier-ignore
    for (const label of wrong) assert.equal(bytesOfLabel(label), undefined, JSON.stringify(label));
  });

  it('never takes more of a typed label than is there', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('\\', 'x', 'u', '{', '}', 'f', '4', '1', 'n') }),
        (label) => {
          const bytes = bytesOfLabel(label);
          if (bytes === undefined) assert.ok(label.includes('\\'));
          else assert.deepEqual(bytesOfLabel(labelOfBytes(bytes)), bytes);
        },
      ),
    );
  });
});

describe('the name and id of a key', () => {
  it('hold any bytes, and sort and compare as the bytes do', () => {
    fc.assert(
      fc.property(anyBytes, anyBytes, (a, b) => {
        assert.deepEqual(keyBytes(keyName(a)), a);
        assert.equal(
          Math.sign(Buffer.compare(a, b)),
          keyName(a) < keyName(b) ? -1 : keyName(a) > keyName(b) ? 1 : 0,
        );
      }),
    );
  });

  it('see only their part of a shared buffer', () => {
    const pool = Buffer.from('abcdef');
    assert.equal(keyName(pool.subarray(2, 4)), 'cd');
    assert.equal(keyName(new Uint8Array(pool.buffer, pool.byteOffset + 1, 2)), 'bc');
  });
});
