import { EngineError } from '../../engine/kernel/errors';
import type { CallOptions } from '../../engine/connections/cacheProvider';
import type { KeyFacts } from '../../engine/connections/valuePage';
import type { RedisLink } from './redisLink';
import { asNumber, asText, unwrap } from './replies';
import { readerOfTypeName } from './types/readers';

/** Type, TTL, encoding and length in two round trips; undefined when the key does not exist. */
export async function describeKey(
  link: RedisLink,
  key: Buffer,
  call: CallOptions,
): Promise<KeyFacts | undefined> {
  const [type, ttl, encoding] = await link.pipeline(
    [
      ['TYPE', key],
      ['PTTL', key],
      ['OBJECT', 'ENCODING', key],
    ],
    call,
  );
  const typeName = asText(unwrap(type));
  if (typeName === 'none') return undefined;
  const reader = readerOfTypeName(typeName);
  const length =
    reader.lengthCommand === undefined ? undefined : await link.send([reader.lengthCommand, key], call);
  const ttlMs = ttl instanceof EngineError ? -1 : asNumber(ttl);
  return {
    type: reader.type,
    typeName,
    ...(ttlMs >= 0 && { ttlMs }),
    ...(length !== undefined && { length: asNumber(length) }),
    ...(!(encoding instanceof EngineError) && encoding !== null && { encoding: asText(encoding) }),
  };
}
