import { strict as assert } from 'node:assert';
import { textHindrance } from '../../../src/extension/documents/documentText';

describe('what a text editor would not keep', () => {
  const cases: readonly [string, string | Buffer, ReturnType<typeof textHindrance>][] = [
    ['nothing', '', undefined],
    ['text of any script', 'Grüße 日本 😀', undefined],
    ['line feeds', 'a\n\nb\n', undefined],
    ['Windows line ends', 'a\r\n\r\nb\r\n', undefined],
    ['line separators of Unicode', 'a\u2028b\u2029c\u0085d', undefined],
    ['both kinds of line ends', 'a\r\nb\n', 'line-ends'],
    ['a lone carriage return', 'a\rb', 'line-ends'],
    ['a return before a Windows line end', 'a\r\r\nb', 'line-ends'],
    ['as many returns as feeds, but apart', 'a\rb\n', 'line-ends'],
    ['a zero byte', 'a\0b', 'binary'],
    ['a byte order mark', '\ufeffa', 'byte-order-mark'],
    ['bytes that are no UTF-8', Buffer.of(0x61, 0xc3), 'encoding'],
    ['half a surrogate pair, encoded', Buffer.from('eda080', 'hex'), 'encoding'],
  ];
  for (const [what, content, hindrance] of cases) {
    it(`${what}: ${hindrance ?? 'can be edited'}`, () => {
      assert.equal(textHindrance(Buffer.from(content)), hindrance);
    });
  }
});
