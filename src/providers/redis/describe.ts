import { EngineError } from '../../engine/kernel/errors';
import type { CallOptions } from '../../engine/connections/cacheProvider';
import type { KeyFacts } from '../../engine/connections/valuePage';
import type { RedisLink, Reply } from './redisLink';
import { asMoment, asNumber, asText, unwrap } from './replies';
import { readerOfTypeName } from './types/readers';

/** Asks when a key expires; nothing of servers before 7, which do not tell. */
export function momentCommand(link: RedisLink, key: Buffer): (readonly ['PEXPIRETIME', Buffer])[] {
  return link.knows('pexpiretime') === false ? [] : [['PEXPIRETIME', key]];
}

type Answer = Reply | EngineError | undefined;

/** What servers answer of the time to live of a key that is not there. */
const noKey = -2;

/** Type, TTL, encoding and length in two round trips; undefined when the key does not exist. */
export async function describeKey(
  link: RedisLink,
  key: Buffer,
  call: CallOptions,
): Promise<KeyFacts | undefined> {
  const [type, left, encoding, moment] = await link.pipeline(
    [['TYPE', key], ['PTTL', key], ['OBJECT', 'ENCODING', key], ...momentCommand(link, key)],
    call,
  );
  const typeName = asText(unwrap(type));
  const ttl = ttlFacts(left, moment);
  if (typeName === 'none' || ttl === undefined) return undefined;
  const reader = readerOfTypeName(typeName);
  const length =
    reader.lengthCommand === undefined ? undefined : await link.send([reader.lengthCommand, key], call);
  return {
    type: reader.type,
    typeName,
    ...ttl,
    ...(isOpaque(link, typeName) && { isOpaque: true }),
    ...(length !== undefined && { length: asNumber(length) }),
    ...(!(encoding instanceof EngineError) && encoding !== null && { encoding: asText(encoding) }),
  };
}

/** What a server may keep with a value of a type that a build of ours does not read: by the command that sets it. */
const unread: Readonly<Record<string, string>> = { set: 'sexpire' };

function isOpaque(link: RedisLink, typeName: string): boolean {
  const command = unread[typeName];
  return command !== undefined && link.knows(command) === true;
}

/** Undefined when the key expired in between. Servers before 7 do not tell the moment. */
function ttlFacts(
  left: Answer,
  moment: Answer,
): Pick<KeyFacts, 'ttlMs' | 'expireAtMs' | 'hiddenTtl'> | undefined {
  const told = moment instanceof EngineError ? undefined : moment;
  const expireAtMs = told === undefined ? undefined : asMoment(told);
  const ttlMs = left instanceof EngineError ? undefined : asNumber(left);
  if (ttlMs === noKey || (told !== undefined && asNumber(told) === noKey)) return undefined;
  if (left instanceof EngineError && told === undefined)
    return { hiddenTtl: `The time to live cannot be read. ${left.message}` };
  return {
    ...(ttlMs !== undefined && ttlMs >= 0 && { ttlMs }),
    ...(expireAtMs !== undefined && { expireAtMs }),
  };
}
