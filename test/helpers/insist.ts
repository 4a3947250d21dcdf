import { errors } from 'playwright-core';

/** How long it is worth to act again, milliseconds. */
const withinMs = 30_000;

/**
 * Acts, and acts again while that or `shown` runs out of time: a busy workbench swallows an input now and then.
 * Both wait with timeouts of their own.
 */
export async function insist(act: () => Promise<void>, shown: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      await act();
      await shown();
      return;
    } catch (thrown) {
      if (Date.now() > deadline || !(thrown instanceof errors.TimeoutError)) throw thrown;
    }
  }
}
