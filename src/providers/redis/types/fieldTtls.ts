import type { CallOptions } from '../../../engine/connections/cacheProvider';
import { EngineError } from '../../../engine/kernel/errors';
import type { RedisLink, Reply } from '../redisLink';
import { asList } from '../replies';

/** Links whose server, or whose user's rights, have no times to live of fields. */
const without = new WeakSet<RedisLink>();

/** Milliseconds that fields have left, as HPTTL answers; nothing where there is no such command or no right to it. */
export async function fieldTtls(
  link: RedisLink,
  key: Buffer,
  fields: readonly Buffer[],
  call: CallOptions,
): Promise<readonly Reply[]> {
  if (fields.length === 0 || link.knows('hpttl') === false || without.has(link)) return [];
  try {
    const reply = await link.send(['HPTTL', key, 'FIELDS', fields.length, ...fields], call);
    // nil: the hash has gone in between
    return reply === null ? [] : asList(reply);
  } catch (thrown) {
    if (!(thrown instanceof EngineError) || !isMissing(thrown)) throw thrown;
    without.add(link);
    return [];
  }
}

function isMissing({ code, reason }: EngineError): boolean {
  return code === 'NOT_SUPPORTED' || reason === 'no-permission' || reason === 'read-only';
}
