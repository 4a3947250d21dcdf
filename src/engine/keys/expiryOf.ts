import type { KeyFacts } from '../connections/valuePage';
import { EngineError } from '../kernel/errors';
import type { Moment } from '../kernel/moment';

/**
 * When a key expires, undefined for never: by the server itself, or, where it tells only what is left, by `now`. Rejects
 * where the server does not tell at all: what is copied then would live for ever.
 */
export function expiryOf({ expireAtMs, ttlMs, hiddenTtl }: KeyFacts, now: number): Moment | undefined {
  if (hiddenTtl !== undefined) throw new EngineError('UNAUTHORIZED', 'no-permission', hiddenTtl);
  return expireAtMs ?? (ttlMs === undefined ? undefined : now + ttlMs);
}
