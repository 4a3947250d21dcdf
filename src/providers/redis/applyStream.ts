import type { CallOptions } from '../../engine/connections/cacheProvider';
import type { Applied, ApplyOutcome, Change, StreamAct } from '../../engine/connections/change';
import { invalid } from '../../engine/kernel/errors';
import type { Arg, RedisLink, Reply } from './redisLink';
import { asList, asNumber, asText } from './replies';
import { conflictOf, reasonOf } from './scriptAnswer';

/** Most fields of an entry, and ids of one act: a script takes only so many at once. */
const mostAtOnce = 1000;

/**
 * One command on a stream that must be there. KEYS[1] stream; ARGV: act, then the words of the command with `key`
 * for the key. Answers `{'ok', reply}`, or `{reason}` with nothing changed. A claim drops what is pending of entries that
 * are gone (7 and later) and answers only with what it claimed: how many it dropped comes behind, `{'ok', count, dropped}`.
 */
const streamScript = `
local t = redis.call('TYPE', KEYS[1]).ok
if t == 'none' then return {'gone'} end
if t ~= 'stream' then return {'wrong-type'} end
-- further on, an error may hold the name of the user
local function begins(err, word) return string.sub(err, 1, #word) == word end
local words = {unpack(ARGV, 2)}
local at = string.sub(words[1], 1, 6) == 'XGROUP' and 3 or 2
table.insert(words, at, KEYS[1])
if ARGV[1] == 'deleteConsumer' then
  local known = false
  local consumers = redis.pcall('XINFO', 'CONSUMERS', KEYS[1], words[4])
  if consumers.err then
    if begins(consumers.err, 'NOGROUP') then return {'gone'} end
    return consumers
  end
  for _, consumer in ipairs(consumers) do
    for i = 1, #consumer, 2 do
      if consumer[i] == 'name' and consumer[i + 1] == words[5] then known = true end
    end
  end
  if not known then return {'gone'} end
end
-- words of a claim: XCLAIM, key, group, consumer, idle, ids, JUSTID
local pending = {}
local function isPending(id) return #redis.call('XPENDING', KEYS[1], words[3], id, id, 1) > 0 end
if ARGV[1] == 'claim' then
  local group = redis.pcall('XPENDING', KEYS[1], words[3])
  if group.err then return begins(group.err, 'NOGROUP') and {'gone'} or group end
  for i = 6, #words - 1 do
    if isPending(words[i]) then pending[#pending + 1] = words[i] end
  end
end
local reply = redis.pcall(unpack(words))
if type(reply) == 'table' and reply.err then
  if begins(reply.err, 'BUSYGROUP') then return {'exists'} end
  if begins(reply.err, 'NOGROUP') then return {'gone'} end
  if string.find(reply.err, 'equal or smaller', 1, true) then return {'exists'} end
  return reply
end
if ARGV[1] == 'claim' then
  local dropped = 0
  for _, id in ipairs(pending) do
    if not isPending(id) then dropped = dropped + 1 end
  end
  return {'ok', #reply, dropped}
end
if type(reply) == 'table' then return {'ok', 1} end
return {'ok', reply}`;

/** Acts on a stream or one of its groups. An id that is not above the last one is a conflict, `exists`. */
export async function applyStream(
  link: RedisLink,
  { key, act }: Extract<Change, { kind: 'stream' }>,
  call: CallOptions,
): Promise<ApplyOutcome> {
  const reply = await link.send(['EVAL', streamScript, 1, key, act.act, ...wordsOf(act)], call);
  const [word, answer, dropped] = asList(reply);
  if (asText(word) !== 'ok') return conflictOf(reasonOf(asText(word)));
  return act.act === 'claim' ? claimed(asNumber(answer), asNumber(dropped)) : appliedOr(act, answer);
}

function wordsOf(act: StreamAct): Arg[] {
  switch (act.act) {
    case 'add':
      return ['XADD', requireId(act.id, newId), ...requireSome(act.fields, 'field').flat()];
    case 'delete':
      return ['XDEL', ...requireIds(act.ids)];
    case 'trim':
      return 'maxLength' in act.to
        ? ['XTRIM', 'MAXLEN', '=', requireCount(act.to.maxLength)]
        : ['XTRIM', 'MINID', '=', requireId(act.to.minId, plainId)];
    case 'acknowledge':
      return ['XACK', act.group, ...requireIds(act.ids)];
    case 'claim': {
      const idle = requireCount(act.minIdleMs);
      // JUSTID: being claimed by a person is no delivery, and is not counted as one
      return ['XCLAIM', act.group, act.consumer, idle, ...requireIds(act.ids), 'JUSTID'];
    }
    case 'createGroup':
      return ['XGROUP', 'CREATE', act.group, requireId(act.from, startId)];
    case 'setGroupId':
      return ['XGROUP', 'SETID', act.group, requireId(act.from, startId)];
    case 'deleteGroup':
      return ['XGROUP', 'DESTROY', act.group];
    case 'deleteConsumer':
      return ['XGROUP', 'DELCONSUMER', act.group, act.consumer];
  }
}

/** A claim that claimed nothing may yet have dropped what was pending of entries that are gone: then it has happened. */
function claimed(count: number, dropped: number): ApplyOutcome {
  if (count + dropped === 0) return conflictOf('changed');
  return { status: 'applied', count, ...(dropped > 0 && { dropped }) };
}

/** Acts that touched nothing are conflicts: what they were about is not there any more. */
function appliedOr({ act }: Exclude<StreamAct, { act: 'claim' }>, answer: Reply | undefined): ApplyOutcome {
  const applied: Applied = { status: 'applied' };
  switch (act) {
    case 'add':
      return { ...applied, id: asText(answer) };
    case 'trim':
    case 'deleteConsumer':
      return { ...applied, count: asNumber(answer) };
    case 'delete':
    case 'acknowledge': {
      const count = asNumber(answer);
      if (count === 0) return conflictOf('gone');
      return { ...applied, count };
    }
    case 'deleteGroup':
      return asNumber(answer) === 0 ? conflictOf('gone') : applied;
    case 'createGroup':
    case 'setGroupId':
      return applied;
  }
}

const plainId = /^\d+(-\d+)?$/;
const newId = /^(\*|\d+(-(\d+|\*))?)$/;
const startId = /^(\$|\d+(-\d+)?)$/;

function requireId(id: string, shape: RegExp): string {
  if (shape.test(id)) return id;
  throw invalid('An id of a stream is two numbers, such as 1700000000000-0');
}

function requireIds(ids: readonly string[]): string[] {
  return requireSome(ids, 'entry').map((id) => requireId(id, plainId));
}

function requireSome<T>(of: readonly T[], what: string): readonly T[] {
  if (of.length === 0) throw invalid(`It takes at least one ${what}`);
  if (of.length > mostAtOnce) throw invalid(`It takes at most ${mostAtOnce} at once`);
  return of;
}

function requireCount(count: number): string {
  if (Number.isSafeInteger(count) && count >= 0) return String(count);
  throw invalid('A number of entries or milliseconds is a whole number, 0 or more');
}
