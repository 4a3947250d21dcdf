import assert from 'node:assert/strict';
import { EngineError } from '../../../src/engine/kernel/errors';
import { compactJson } from '../../../src/engine/values/compactJson';

describe('compact JSON', () => {
  it('loses white space between its parts, and nothing else', async () => {
    const texts: [string, string][] = [
      [' { "a b" : [ 1.0 ,\t1e5,\r\n12345678901234567890 ] } ', '{"a b":[1.0,1e5,12345678901234567890]}'],
      ['"a \\" b\\\\ "', '"a \\" b\\\\ "'],
      ['{"\\u00e9 ":"é ✓ "}', '{"\\u00e9 ":"é ✓ "}'],
      ['null', 'null'],
    ];
    for (const [text, compact] of texts) assert.equal(String(await compactJson(Buffer.from(text))), compact);
  });

  it('is refused when it is none, without being repeated', async () => {
    for (const text of ['', 'secret', '{"secret":}', '[1,]', 'NaN', '"\xff"']) {
      await assert.rejects(
        compactJson(Buffer.from(text, 'latin1')),
        (thrown) => thrown instanceof EngineError && !thrown.message.includes('secret'),
      );
    }
  });

  it('is read in slices when it has many parts, so that other work gets its turn', async () => {
    const parts = 100_000;
    let turns = 0;
    const nextTurn = async (): Promise<void> => {
      turns++;
    };
    const text = `[${'[], '.repeat(parts)}[]]`;
    assert.equal((await compactJson(Buffer.from(text), nextTurn)).length, text.length - parts);
    assert.ok(turns >= parts / 10_000, `${turns} turns`);
    assert.equal(String(await compactJson(Buffer.from('[1, 2]'), () => assert.fail('a turn'))), '[1,2]');
  });
});
