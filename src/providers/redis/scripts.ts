import { deniedLua } from './denied';

/**
 * Compare-and-set in one atomic step. Each script answers `{'ok'}` or `{reason, current?}`; on a reason it has
 * changed nothing. PTTL and PEXPIRE inside one script see the same instant, so a kept TTL is kept to the
 * millisecond on every server version. `current` is left out above 1 MiB.
 */

/** KEYS[1] string; one command where the server keeps the TTL (6 and later): no right to a second can be missing. ARGV: before, after, ttl mode (keep, remove, set), expiry in ms since the epoch. */
export const setStringScript = `
local key = KEYS[1]
local t = redis.call('TYPE', KEYS[1]).ok
if t == 'none' then return {'gone'} end
if t ~= 'string' then return {'wrong-type'} end
local now = redis.call('GET', KEYS[1])
if now ~= ARGV[1] then
  if #now > 1048576 then return {'changed'} end
  return {'changed', now}
end
if ARGV[3] == 'keep' then
  local kept = redis.pcall('SET', KEYS[1], ARGV[2], 'KEEPTTL')
  if not kept.err then return {'ok'} end
  if not string.find(kept.err, '^ERR syntax error') then return kept end
end
${deniedLua}
local problem = denied(ARGV[3] == 'set' and 'SET PEXPIREAT' or 'SET')
if problem then return problem end
local ttl = redis.call('PTTL', KEYS[1])
redis.call('SET', KEYS[1], ARGV[2])
if ARGV[3] == 'keep' and ttl >= 0 then redis.call('PEXPIRE', KEYS[1], ttl) end
if ARGV[3] == 'set' then redis.call('PEXPIREAT', KEYS[1], ARGV[4]) end
return {'ok'}`;

/** KEYS[1] new key; ARGV: expiry in ms since the epoch or '', command, its arguments after the key. */
export const createScript = `
if redis.call('EXISTS', KEYS[1]) == 1 then return {'exists'} end
local key = KEYS[1]
${deniedLua}
local problem = denied(ARGV[1] == '' and ARGV[2] or ARGV[2] .. ' PEXPIREAT', 'absent')
if problem then return problem end
redis.call(ARGV[2], key, unpack(ARGV, 3))
if ARGV[1] ~= '' then redis.call('PEXPIREAT', KEYS[1], ARGV[1]) end
return {'ok'}`;
