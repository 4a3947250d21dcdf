import assert from 'node:assert/strict';
import { EngineError } from '../../../src/engine/kernel/errors';
import { compactJson } from '../../../src/engine/values/compactJson';

describe('compact JSON', () => {
  it('loses white space between its parts, and nothing else', () => {
    const texts: [string, string][] = [
      [' { "a b" : [ 1.0 ,\t1e5,\r\n12345678901234567890 ] } ', '{"a b":[1.0,1e5,12345678901234567890]}'],
      ['"a \\" b\\\\ "', '"a \\" b\\\\ "'],
      ['{"\\u00e9 ":"é ✓ "}', '{"\\u00e9 ":"é ✓ "}'],
      ['null', 'null'],
    ];
    for (const [text, compact] of texts) assert.equal(String(compactJson(Buffer.from(text))), compact);
  });

  it('is refused when it is none, without being repeated', () => {
    for (const text of ['', 'secret', '{"secret":}', '[1,]', 'NaN', '"\xff"']) {
      assert.throws(
        () => compactJson(Buffer.from(text, 'latin1')),
        (thrown) => thrown instanceof EngineError && !thrown.message.includes('secret'),
      );
    }
  });
});
