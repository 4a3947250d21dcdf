import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { parseNamespace } from '../../../src/engine/connections/namespace';
import { parseProfile } from '../../../src/engine/connections/profile';
import { parseSavedSearch } from '../../../src/engine/connections/savedSearch';
import { EngineError, toEngineError, toError } from '../../../src/engine/kernel/errors';
import { parseStoredHistoryEvent } from '../../../src/engine/kernel/historyEvent';
import { aProfile } from '../../helpers/ports';

const canary = 'canary-value-7f3a';

const parsers: Record<string, (input: unknown) => unknown> = {
  parseProfile,
  parseNamespace,
  parseSavedSearch,
  parseStoredHistoryEvent,
};

describe('parsing at the door', () => {
  for (const [name, parse] of Object.entries(parsers)) {
    it(`${name} throws VALIDATION_ERROR for anything else than its kind, and never quotes it`, () => {
      const anything = fc.anything({ values: [fc.constant(canary), fc.integer(), fc.boolean()] });
      fc.assert(
        fc.property(anything, (input) => {
          const error = failureOf(() => parse(input));
          assert.equal(error.code, 'VALIDATION_ERROR');
          assert.ok(!inspect(error, { depth: 10 }).includes(canary), error.message);
        }),
      );
    });
  }

  it('quotes no field of a profile that is wrong by a single one', () => {
    const profile = aProfile(6379);
    for (const field of Object.keys(profile)) {
      for (const wrong of [{ [canary]: canary }, [[canary]], null, Number.NaN]) {
        const error = failureOf(() => parseProfile({ ...profile, [field]: wrong }));
        assert.ok(error.message.includes(field), `${field} is named in: ${error.message}`);
        assert.ok(!inspect(error, { depth: 10 }).includes(canary), error.message);
      }
    }
  });

  it('makes an error of whatever is thrown', () => {
    assert.equal(toError('text').message, 'text');
    assert.equal(toError(undefined).message, 'undefined');
    const cause = new TypeError('defect');
    const error = toEngineError(cause);
    assert.deepEqual([error.code, error.reason, error.cause], ['INTERNAL_ERROR', 'bug', cause]);
    assert.equal(toEngineError(error), error);
  });
});

function failureOf(act: () => unknown): EngineError {
  try {
    act();
  } catch (thrown) {
    assert.ok(thrown instanceof EngineError, String(thrown));
    return thrown;
  }
  throw new assert.AssertionError({ message: 'Nothing was thrown' });
}
