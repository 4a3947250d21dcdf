import { errors } from 'playwright-core';

const tries = 5;

/**
 * Acts, and acts again while `shown` runs out of time: a busy workbench swallows a click now and then, and a menu
 * takes none in its first moments. `shown` waits for the effect, with a timeout of its own.
 */
export async function insist(act: () => Promise<void>, shown: () => Promise<void>): Promise<void> {
  for (let left = tries; ; left--) {
    await act();
    try {
      await shown();
      return;
    } catch (thrown) {
      if (left === 1 || !(thrown instanceof errors.TimeoutError)) throw thrown;
    }
  }
}
