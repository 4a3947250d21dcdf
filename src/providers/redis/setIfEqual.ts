import type { CallOptions } from '../../engine/connections/cacheProvider';
import type { ApplyOutcome, Change } from '../../engine/connections/change';
import type { TtlChange } from '../../engine/connections/ttlChange';
import { EngineError } from '../../engine/kernel/errors';
import type { Arg, RedisLink } from './redisLink';
import { asOptionalBuffer, asText, unwrap } from './replies';
import { conflictOf } from './scriptAnswer';

/** Longest value that a conflict shows, bytes. */
const longestCurrent = 1024 * 1024;

/**
 * Does it by script or, for a user who may run none, by a command of the server that compares by itself. Where the server
 * has no such command the refusal of the script is what is told.
 */
export async function orWithoutScript(
  scripted: () => Promise<ApplyOutcome>,
  native: () => Promise<ApplyOutcome>,
): Promise<ApplyOutcome> {
  try {
    return await scripted();
  } catch (thrown) {
    if (!(thrown instanceof EngineError) || thrown.details['scripting'] !== false) throw thrown;
    try {
      return await native();
    } catch (second) {
      // a server that does not know it has changed nothing
      throw second instanceof EngineError && second.code === 'NOT_SUPPORTED' ? thrown : second;
    }
  }
}

/** Compare-and-set of a string by `SET … IFEQ`: Valkey 8.1, Redis 8.4 and later. */
export async function setIfEqual(
  link: RedisLink,
  { key, before, after, ttl }: Extract<Change, { kind: 'string.set' }>,
  call: CallOptions,
): Promise<ApplyOutcome> {
  try {
    const reply = await link.send(['SET', key, after, 'IFEQ', before, ...ttlOptions(ttl)], call);
    return reply === null ? await whatIsThere(link, key, call) : { status: 'applied' };
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.reason === 'wrong-type') return conflictOf('wrong-type');
    throw thrown;
  }
}

/** Makes a string that must not exist, in one command. */
export async function setIfAbsent(
  link: RedisLink,
  key: Buffer,
  value: Buffer,
  ttl: TtlChange,
  call: CallOptions,
): Promise<ApplyOutcome> {
  const expiry = ttl.mode === 'set' ? ttlOptions(ttl) : [];
  const reply = await link.send(['SET', key, value, 'NX', ...expiry], call);
  return reply === null ? conflictOf('exists') : { status: 'applied' };
}

function ttlOptions(ttl: TtlChange): Arg[] {
  if (ttl.mode === 'set') return ['PXAT', String(ttl.expireAtMs)];
  return ttl.mode === 'keep' ? ['KEEPTTL'] : [];
}

async function whatIsThere(link: RedisLink, key: Buffer, call: CallOptions): Promise<ApplyOutcome> {
  const [type, value] = await link.pipeline(
    [
      ['TYPE', key],
      ['GET', key],
    ],
    call,
  );
  if (asText(unwrap(type)) === 'none') return conflictOf('gone');
  const current = value instanceof EngineError ? undefined : asOptionalBuffer(value);
  return conflictOf('changed', current && current.length <= longestCurrent ? current : undefined);
}
