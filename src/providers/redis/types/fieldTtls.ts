import type { CallOptions } from '../../../engine/connections/cacheProvider';
import { EngineError } from '../../../engine/kernel/errors';
import type { Moment } from '../../../engine/kernel/moment';
import type { RedisLink, Reply } from '../redisLink';
import { asList, asMoment, asNumber } from '../replies';

/** When a field expires; `gone`: it has expired since it was listed. */
export type FieldLife = Moment | 'never' | 'gone';

/** What a server tells of the times to live of fields. */
export interface FieldTtls {
  /** One a field, in their order. */
  readonly lives: readonly FieldLife[];
  /** Why they cannot be told although the server has them. */
  readonly hidden?: string;
}

/** What links have shown: that the server has no times to live of fields, or why this user may not read them. */
const refusals = new WeakMap<RedisLink, Pick<FieldTtls, 'hidden'>>();

/** When fields expire, by HPEXPIRETIME. */
export async function fieldTtls(
  link: RedisLink,
  key: Buffer,
  fields: readonly Buffer[],
  call: CallOptions,
): Promise<FieldTtls> {
  const never = fields.map(() => 'never' as const);
  const known = link.knows('hpexpiretime') === false ? {} : refusals.get(link);
  if (fields.length === 0 || known) return { lives: never, ...known };
  try {
    const reply = await link.send(['HPEXPIRETIME', key, 'FIELDS', fields.length, ...fields], call);
    // nil: the hash has gone in between
    return { lives: reply === null ? fields.map(() => 'gone') : asList(reply).map(lifeOf) };
  } catch (thrown) {
    const refusal = thrown instanceof EngineError ? refusalOf(thrown) : undefined;
    if (!refusal) throw thrown;
    refusals.set(link, refusal);
    return { lives: never, ...refusal };
  }
}

function lifeOf(reply: Reply): FieldLife {
  const moment = asMoment(reply);
  if (moment !== undefined) return moment;
  return asNumber(reply) === -2 ? 'gone' : 'never';
}

function refusalOf(error: EngineError): Pick<FieldTtls, 'hidden'> | undefined {
  if (error.code === 'NOT_SUPPORTED') return {};
  if (error.reason !== 'no-permission' && error.reason !== 'read-only') return undefined;
  return { hidden: `The times to live of the fields cannot be read. ${error.message}` };
}
