import { randomUUID } from 'node:crypto';
import type { Clock, Random } from './ports';

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};

/** The machine's own source of chance. */
export const systemRandom: Random = {
  id: () => randomUUID(),
  next: () => Math.random(),
};
