import assert from 'node:assert/strict';
import { EngineError, type ErrorCode, type ErrorReason } from '../../src/engine/kernel/errors';

/** Waits for `promise` to reject with this code and reason, and gives the error. */
export async function rejectsWith(
  promise: Promise<unknown>,
  code: ErrorCode,
  reason: ErrorReason,
): Promise<EngineError> {
  try {
    await promise;
  } catch (thrown) {
    assert.ok(thrown instanceof EngineError, String(thrown));
    assert.deepEqual([thrown.code, thrown.reason], [code, reason], thrown.message);
    return thrown;
  }
  throw new assert.AssertionError({ message: `Expected ${code} ${reason}, but nothing was thrown` });
}
