import type { CallOptions } from '../../engine/connections/cacheProvider';
import type { ApplyOutcome, Change } from '../../engine/connections/change';
import { EngineError } from '../../engine/kernel/errors';
import { keptExpiryLua } from './expiresAt';
import type { Arg, RedisLink } from './redisLink';
import { asList, asText } from './replies';
import { conflictOf, reasonOf } from './scriptAnswer';

type Restore = Extract<Change, { kind: 'restore' }>;

/**
 * RESTORE that keeps the time to live of what it replaces. KEYS[1] key; ARGV: payload, when the key expires as it was read
 * just before.
 */
const restoreKeepingScript = `${keptExpiryLua}
local kept = keptExpiry(KEYS[1], ARGV[2])
if kept == 'changed' then return {'changed'} end
if kept == '' then redis.call('RESTORE', KEYS[1], 0, ARGV[1], 'REPLACE')
else redis.call('RESTORE', KEYS[1], kept, ARGV[1], 'REPLACE', 'ABSTTL') end
return {'ok'}`;

/** Writes what DUMP gave. A key that exists is a conflict unless it is to be replaced. */
export async function restoreKey(link: RedisLink, change: Restore, call: CallOptions): Promise<ApplyOutcome> {
  try {
    if (change.ttl.mode === 'keep' && change.replace) return await restoreKeeping(link, change, call);
    await link.send(restoreCommand(change), call);
    return { status: 'applied' };
  } catch (thrown) {
    const error = restoreError(thrown);
    if (error.reason === 'exists') return { status: 'conflict', conflict: { reason: 'exists' } };
    throw error;
  }
}

async function restoreKeeping(
  link: RedisLink,
  { key, payload }: Restore,
  call: CallOptions,
): Promise<ApplyOutcome> {
  const [told] = await link.pipeline([['PEXPIRETIME', key]], call);
  const seen = told === undefined || told instanceof EngineError ? '' : asText(told);
  const reply = await link.send(['EVAL', restoreKeepingScript, 1, key, payload, seen], call);
  const word = asText(asList(reply)[0]);
  return word === 'ok' ? { status: 'applied' } : conflictOf(reasonOf(word));
}

function restoreCommand({ key, payload, ttl, replace }: Restore): readonly [string, ...Arg[]] {
  const expiry = ttl.mode === 'set' ? [String(ttl.expireAtMs), payload, 'ABSTTL'] : ['0', payload];
  return ['RESTORE', key, ...expiry, ...(replace ? ['REPLACE'] : [])];
}

/** What kept a server from taking a payload; of another version or damaged is the same to it. */
export function restoreError(thrown: unknown): EngineError {
  if (!(thrown instanceof EngineError)) throw thrown;
  if (!/DUMP payload version|Bad data format/i.test(thrown.message)) return thrown;
  return new EngineError(
    'NOT_SUPPORTED',
    'unsupported',
    'The server cannot read this copy: it was made by another version of the server, or is damaged',
    { cause: thrown },
  );
}
