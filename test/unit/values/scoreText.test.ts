import assert from 'node:assert/strict';
import { parseScore, requireScore, sameScore } from '../../../src/engine/values/scoreText';
import { EngineError } from '../../../src/engine/kernel/errors';

describe('texts of scores', () => {
  it('are decimal numbers and the two infinities', () => {
    const scores: [string, number][] = [
      ['0', 0], ['-1.5', -1.5], ['+2', 2], ['.5', 0.5], ['5.', 5], ['1e3', 1000], ['1E-2', 0.01], ['0e5', 0],
      ['3.0000000000000004', 3.0000000000000004], ['17976931348623157e292', Number.MAX_VALUE],
      ['inf', Infinity], ['+inf', Infinity], ['-inf', -Infinity], ['Infinity', Infinity], ['-INF', -Infinity],
    ]; // prettier-ignore
    for (const [text, score] of scores) assert.equal(parseScore(text), score, text);
  });

  it('are nothing that a server would refuse, or read in another way', () => {
    for (const text of ['', ' ', '1 ', ' 1', 'nan', 'NaN', '-nan', '0x10', '1,5', '1e', '.', 'e5', '--1', '1e999', '-1e999', '1e-999', 'inf1', '١'])
      assert.equal(parseScore(text), undefined, JSON.stringify(text)); // prettier-ignore
  });

  it('are refused without being repeated', () => {
    assert.equal(requireScore('1.50'), '1.50');
    assert.throws(
      () => requireScore('secret'),
      (thrown) =>
        thrown instanceof EngineError &&
        thrown.code === 'VALIDATION_ERROR' &&
        !thrown.message.includes('secret'),
    );
  });

  it('are one score in any notation', () => {
    assert.ok(sameScore('1.50', '15e-1') && sameScore('+inf', 'Infinity') && sameScore('0', '-0'));
    assert.ok(!sameScore('1', '2') && !sameScore('inf', '-inf') && !sameScore('nan', 'nan'));
  });
});
