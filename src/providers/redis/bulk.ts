import type { BulkOutcome, CallOptions, KeyOutcome } from '../../engine/connections/cacheProvider';
import type { TtlChange } from '../../engine/connections/ttlChange';
import { EngineError, isLostReply, toEngineError } from '../../engine/kernel/errors';
import { ttlCommand } from './applyTtl';
import type { Arg, RedisLink, Reply } from './redisLink';
import { asNumber } from './replies';

/** Removes keys in one pipelined batch and tells what became of each. UNLINK frees memory off the server's main thread. */
export function removeKeys(
  link: RedisLink,
  keys: readonly Buffer[],
  call: CallOptions,
): Promise<BulkOutcome> {
  return batch(
    link,
    keys.map((key) => ['UNLINK', key] as const),
    call,
    (reply) => (asNumber(reply) === 1 ? 'affected' : 'absent'),
  );
}

/** Sets or removes the TTL of keys in one pipelined batch. A key that had none to remove counts as affected. */
export function setTtlOfKeys(
  link: RedisLink,
  keys: readonly Buffer[],
  ttl: TtlChange,
  call: CallOptions,
): Promise<BulkOutcome> {
  const commands = keys.flatMap((key) => [['EXISTS', key] as const, ttlCommand(key, ttl)]);
  return batch(link, commands, call, (reply) => (asNumber(reply) === 1 ? 'affected' : 'absent')).then(
    (outcome) => {
      const kept = keys.map((_, i) => bySteps(outcome.outcomes[2 * i], outcome.outcomes[2 * i + 1], ttl));
      return { ...outcome, outcomes: kept };
    },
  );
}

function bySteps(existed: KeyOutcome | undefined, set: KeyOutcome | undefined, ttl: TtlChange): KeyOutcome {
  if (existed === 'absent') return 'absent';
  if (ttl.mode === 'remove' && set === 'absent') return 'affected';
  return set ?? 'failed';
}

async function batch(
  link: RedisLink,
  commands: readonly (readonly [string, ...Arg[]])[],
  call: CallOptions,
  judge: (reply: Reply) => KeyOutcome,
): Promise<BulkOutcome> {
  await link.open(call);
  let replies: (Reply | EngineError)[];
  try {
    replies = await link.pipeline(commands, call);
  } catch (thrown) {
    const error = toEngineError(thrown);
    return { outcomes: commands.map(() => (isLostReply(error) ? 'unknown' : 'failed')), error };
  }
  const error = replies.find((reply) => reply instanceof EngineError);
  const outcomes = replies.map((reply) => (reply instanceof EngineError ? failed(reply) : judge(reply)));
  return { outcomes, ...(error && { error }) };
}

function failed(error: EngineError): KeyOutcome {
  return isLostReply(error) ? 'unknown' : 'failed';
}
