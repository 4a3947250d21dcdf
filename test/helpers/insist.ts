import { errors } from 'playwright-core';

const tries = 5;

/**
 * Acts, and acts again while that or `shown` runs out of time: a busy workbench swallows an input now and then.
 * Both wait with timeouts of their own.
 */
export async function insist(act: () => Promise<void>, shown: () => Promise<void>): Promise<void> {
  for (let left = tries; ; left--) {
    try {
      await act();
      await shown();
      return;
    } catch (thrown) {
      if (left === 1 || !(thrown instanceof errors.TimeoutError)) throw thrown;
    }
  }
}
