import type { CallOptions } from '../../engine/connections/cacheProvider';
import type { KeyDump } from '../../engine/connections/valuePart';
import { EngineError } from '../../engine/kernel/errors';
import type { RedisLink, Reply } from './redisLink';
import { asList, asNumber, asOptionalBuffer, unwrap } from './replies';

/** A value as DUMP gives it, with the moment it expires by the server's clock; undefined when there is none. */
export async function dumpKey(link: RedisLink, key: Buffer, call: CallOptions): Promise<KeyDump | undefined> {
  const [dumped, ttl, time] = await link.pipeline([['DUMP', key], ['PTTL', key], ['TIME']], call);
  const payload = asOptionalBuffer(unwrap(dumped));
  if (!payload) return undefined;
  const ttlMs = asNumber(unwrap(ttl));
  return { payload, ...(ttlMs >= 0 && { expireAtMs: nowOf(time) + ttlMs }) };
}

/** The server's clock in milliseconds; our own where TIME is not allowed. */
function nowOf(time: Reply | EngineError | undefined): number {
  if (time === undefined || time instanceof EngineError) return Date.now();
  const [seconds, micros] = asList(time).map(asNumber);
  return (seconds ?? 0) * 1000 + Math.floor((micros ?? 0) / 1000);
}
