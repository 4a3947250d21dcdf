import assert from 'node:assert/strict';
import fc from 'fast-check';
import { labelOfBytes } from '../../../src/engine/keys/keyLabel';
import {
  base64OfBytes,
  bytesOfBase64,
  bytesOfText,
  sizeOfBase64,
  textOfBytes,
} from '../../../webview-ui/app/bytes';
import { escapeBytes, parseEscaped, parsePlain, plainTextOf } from '../../../webview-ui/app/escapedText';

const anyBytes = fc.uint8Array({ maxLength: 200 });
/** Bytes that are nearly UTF-8: where a decoder's edges are. */
const nearlyText = fc
  .array(fc.oneof(fc.string({ unit: 'binary' }).map(bytesOfText), fc.uint8Array({ maxLength: 3 })), {
    maxLength: 12,
  })
  .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));

function parsed(text: string): Uint8Array {
  const result = parseEscaped(text);
  assert.ok('bytes' in result, 'problem' in result ? result.problem : '');
  return result.bytes;
}

describe('Bytes as escaped text', () => {
  for (const keepLines of [false, true]) {
    it(`come back the same, ${keepLines ? 'lines kept' : 'on one line'}`, () => {
      const same = (bytes: Uint8Array): void =>
        assert.deepEqual(parsed(escapeBytes(bytes, { keepLines })), bytes);
      fc.assert(fc.property(anyBytes, same));
      fc.assert(fc.property(nearlyText, same));
    });
  }

  it('look exactly like the label of a key with the same bytes', () => {
    const alike = (bytes: Uint8Array): void =>
      assert.equal(escapeBytes(bytes), labelOfBytes(Buffer.from(bytes)));
    fc.assert(fc.property(anyBytes, alike));
    fc.assert(fc.property(nearlyText, alike));
  });

  it('show what is invisible, misleading or no text', () => {
    const cases: readonly (readonly [readonly number[] | string, string])[] = [
      ['a\r\n\tb\\', 'a\\r\\n\\tb\\\\'],
      ['\u202eevil\u200b', '\\u{202e}evil\\u{200b}'],
      ['\ufeffbom', '\\u{feff}bom'],
      [[0, 0xff, 0x41], '\\x00\\xffA'],
      [[0xed, 0xa0, 0x80], '\\xed\\xa0\\x80'],
      [[0xc0, 0x80, 0xf4, 0x90, 0x80, 0x80], '\\xc0\\x80\\xf4\\x90\\x80\\x80'],
      ['<img onerror=x> ü 😀', '<img onerror=x> ü 😀'],
    ];
    for (const [data, text] of cases) {
      const bytes = typeof data === 'string' ? bytesOfText(data) : Uint8Array.from(data);
      assert.equal(escapeBytes(bytes), text);
    }
  });

  it('hold a megabyte of noise without stalling', () => {
    const noise = Uint8Array.from({ length: 1 << 20 }, (_, at) => (at * 2654435761) >>> 13);
    assert.deepEqual(parsed(escapeBytes(noise)), noise);
  }).timeout(5000);
});

describe('Text of a person', () => {
  it('is read back as typed when it has no backslash', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const bare = text.replaceAll('\\', '');
        assert.deepEqual(parsed(bare), bytesOfText(bare));
      }),
    );
  });

  it('says where it cannot be read, and never throws', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('\\', 'x', 'u', '{', '}', 'f', '0', 'n', 'é', '\ud800') }),
        (text) => {
          const result = parseEscaped(text);
          if ('problem' in result) assert.ok(result.at >= 0 && result.at < text.length);
        },
      ),
    );
    for (const [text, at] of [
      ['ab\\q', 2],
      ['\\', 0],
      ['x\\u{110000}', 1],
      ['\\u{d800}', 0],
      ['\\n\ud800', 2],
      ['\\xg1', 0],
    ] as const) {
      const result = parseEscaped(text);
      assert.ok('problem' in result, text);
      assert.equal(result.at, at, text);
    }
  });

  it('of half a surrogate pair is refused, not replaced', () => {
    assert.ok('problem' in parsePlain('a\udc00'));
    assert.ok('bytes' in parsePlain('😀'));
  });
});

describe('Whether a text area may edit bytes', () => {
  it('is no for what it would change or hide', () => {
    for (const text of ['a\rb', 'a\r\nb', 'a\0', '\u200b', '\u202e', '\ufeff'])
      assert.equal(plainTextOf(bytesOfText(text)), undefined);
    assert.equal(plainTextOf(Uint8Array.of(0xff)), undefined);
  });

  it('is yes for lines, tabs and backslashes', () => {
    for (const text of ['', 'a\nb\tc\\d', 'ü😀', '<b>']) assert.equal(plainTextOf(bytesOfText(text)), text);
  });
});

describe('Base64', () => {
  it('carries any bytes there and back, and tells their number', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const base64 = base64OfBytes(bytes);
        assert.equal(base64, Buffer.from(bytes).toString('base64'));
        assert.deepEqual(bytesOfBase64(base64), bytes);
        assert.equal(sizeOfBase64(base64), bytes.length);
      }),
    );
  });

  it('keeps a byte order mark', () =>
    assert.equal(textOfBytes(Uint8Array.of(0xef, 0xbb, 0xbf, 65)), '\ufeffA'));
});
