import type { CallOptions } from '../../engine/connections/cacheProvider';
import type { ApplyOutcome, Change } from '../../engine/connections/change';
import { EngineError } from '../../engine/kernel/errors';
import type { Arg, RedisLink } from './redisLink';

type Restore = Extract<Change, { kind: 'restore' }>;

/** RESTORE that keeps the time to live of what it replaces. KEYS[1] key; ARGV: payload. */
const restoreKeepingScript = `
local ttl = redis.call('PTTL', KEYS[1])
redis.call('RESTORE', KEYS[1], math.max(ttl, 0), ARGV[1], 'REPLACE')
return 'OK'`;

/** Writes what DUMP gave. A key that exists is a conflict unless it is to be replaced. */
export async function restoreKey(link: RedisLink, change: Restore, call: CallOptions): Promise<ApplyOutcome> {
  try {
    await link.send(restoreCommand(change), call);
    return { status: 'applied' };
  } catch (thrown) {
    const error = restoreError(thrown);
    if (error.reason === 'exists') return { status: 'conflict', conflict: { reason: 'exists' } };
    throw error;
  }
}

function restoreCommand({ key, payload, ttl, replace }: Restore): readonly [string, ...Arg[]] {
  if (ttl.mode === 'keep' && replace) return ['EVAL', restoreKeepingScript, 1, key, payload];
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
    'The server cannot read this copy: it was made by another version of the server, or is damaged. Copy the value itself instead',
    { cause: thrown },
  );
}
