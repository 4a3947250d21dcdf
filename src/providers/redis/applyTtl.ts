import type { CallOptions } from '../../engine/connections/cacheProvider';
import type { ApplyOutcome, Change } from '../../engine/connections/change';
import type { TtlChange } from '../../engine/connections/ttlChange';
import { EngineError } from '../../engine/kernel/errors';
import type { Moment } from '../../engine/kernel/moment';
import { expiresAtLua } from './expiresAt';
import type { Arg, RedisLink } from './redisLink';
import { asList, asMoment, asNumber, asText, unwrap } from './replies';
import { conflictOf, reasonOf } from './scriptAnswer';
import { orWithoutScript } from './setIfEqual';

type TtlOfKey = Extract<Change, { kind: 'ttl' }>;

/** KEYS[1] key; ARGV: the expiry it must have in ms since the epoch, -1 for none; the new one, or '' for none. */
const setTtlScript = `
local key = KEYS[1]
if redis.call('EXISTS', key) == 0 then return {'gone'} end
${expiresAtLua}
local now, tolerance = expiresAt()
local before = tonumber(ARGV[1])
if (now == -1) ~= (before == -1) or math.abs(now - before) > tolerance then return {'changed'} end
if ARGV[2] == '' then redis.call('PERSIST', key) else redis.call('PEXPIREAT', key, ARGV[2]) end
return {'ok'}`;

/** The command that gives `key` its new time to live; `keep` asks for nothing. */
export function ttlCommand(key: Buffer, ttl: TtlChange): readonly [string, ...Arg[]] {
  if (ttl.mode === 'remove') return ['PERSIST', key];
  if (ttl.mode === 'set') return ['PEXPIREAT', key, String(ttl.expireAtMs)];
  return ['EXISTS', key];
}

/** Gives a key its new time to live; compared with the one that was seen when that is told. */
export async function applyTtl(link: RedisLink, change: TtlOfKey, call: CallOptions): Promise<ApplyOutcome> {
  const { key, ttl, before } = change;
  const plainly = (): Promise<ApplyOutcome> => setPlainly(link, change, call);
  if (!before || ttl.mode === 'keep') return plainly();
  return orWithoutScript(async () => {
    const after = ttl.mode === 'set' ? String(ttl.expireAtMs) : '';
    const seen = String(before.expireAtMs ?? -1);
    const reply = await link.send(['EVAL', setTtlScript, 1, key, seen, after], call);
    const word = asText(asList(reply)[0]);
    return word === 'ok' ? { status: 'applied' } : conflictOf(reasonOf(word));
  }, plainly);
}

/** Without comparing: no server does that by itself, so a user without scripts has the plain commands. */
async function setPlainly(link: RedisLink, { key, ttl }: TtlOfKey, call: CallOptions): Promise<ApplyOutcome> {
  const done = asNumber(await link.send(ttlCommand(key, ttl), call)) === 1;
  // PERSIST answers 0 for a missing key and for one without a TTL alike
  const exists = done || asNumber(await link.send(['EXISTS', key], call)) === 1;
  return exists ? { status: 'applied' } : conflictOf('gone');
}

/** Whether a key has its new time to live: told only when the one before is known, and another. */
export async function ttlApplied(
  link: RedisLink,
  { key, ttl, before }: TtlOfKey,
  call: CallOptions,
): Promise<boolean | undefined> {
  if (!before || ttl.mode === 'keep') return undefined;
  const now = await expiryOf(link, key, call);
  if (now === undefined) return undefined;
  const isAfter = now === (ttl.mode === 'set' ? ttl.expireAtMs : -1);
  const isBefore = now === (before.expireAtMs ?? -1);
  return isAfter === isBefore ? undefined : isAfter;
}

/** In ms since the epoch, -1 for none; undefined when there is no key, or a server before 7 that does not tell. */
async function expiryOf(link: RedisLink, key: Buffer, call: CallOptions): Promise<Moment | undefined> {
  const [reply] = await link.pipeline([['PEXPIRETIME', key]], call);
  if (reply instanceof EngineError && reply.code === 'NOT_SUPPORTED') return undefined;
  const told = unwrap(reply);
  return asMoment(told) ?? (asNumber(told) === -2 ? undefined : -1);
}
