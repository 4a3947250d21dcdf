import type { CallOptions } from '../../engine/connections/cacheProvider';
import type { KeyDump } from '../../engine/connections/valuePart';
import { EngineError } from '../../engine/kernel/errors';
import { momentCommand } from './describe';
import type { RedisLink, Reply } from './redisLink';
import { asList, asMoment, asNumber, asOptionalBuffer, unwrap } from './replies';

/** A value as DUMP gives it, with the moment it expires by the server's clock; undefined when there is none. */
export async function dumpKey(link: RedisLink, key: Buffer, call: CallOptions): Promise<KeyDump | undefined> {
  const [dumped, left, time, moment] = await link.pipeline(
    [['DUMP', key], ['PTTL', key], ['TIME'], ...momentCommand(link, key)],
    call,
  );
  const payload = asOptionalBuffer(unwrap(dumped));
  if (!payload) return undefined;
  if (moment !== undefined && !(moment instanceof EngineError))
    return withExpiry(payload, asNumber(moment), asMoment(moment));
  // servers before 7 tell only what is left
  const ttlMs = asNumber(unwrap(left));
  return withExpiry(payload, ttlMs, nowOf(time) + ttlMs);
}

/** -1 stands for no expiry, -2 for a key that went in between. */
function withExpiry(payload: Buffer, told: number, expireAtMs: KeyDump['expireAtMs']): KeyDump | undefined {
  if (told === -2) return undefined;
  return { payload, ...(told >= 0 && expireAtMs !== undefined && { expireAtMs }) };
}

/** The server's clock in milliseconds; our own where TIME is not allowed. */
function nowOf(time: Reply | EngineError | undefined): number {
  if (time === undefined || time instanceof EngineError) return Date.now();
  const [seconds, micros] = asList(time).map(asNumber);
  return (seconds ?? 0) * 1000 + Math.floor((micros ?? 0) / 1000);
}
