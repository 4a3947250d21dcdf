import { keptExpiryLua } from './expiresAt';

/**
 * Puts a value that was built beside its key in place, or takes it away again. KEYS: what was built, the key; ARGV:
 * '1' to replace, ttl mode (keep, remove, set), expiry in ms since the epoch, type and length of what is replaced
 * ('' unchecked), when the key expired as it was read just before, and the field that kept a hash alive or ''. Answers `{'ok'}` or `{reason}`; on a reason the key is as it was.
 */
export const finishLoadScript = `${keptExpiryLua}
if redis.call('EXISTS', KEYS[1]) == 0 then return {'lost'} end
if ARGV[7] ~= '' then
  -- the past is a moment too: it needs no right that the load did not use
  redis.call('HPEXPIREAT', KEYS[1], 1, 'FIELDS', 1, ARGV[7])
  if redis.call('EXISTS', KEYS[1]) == 0 then return {'expired'} end
end
local function refuse(reason)
  redis.call('UNLINK', KEYS[1])
  return {reason}
end
local t = redis.call('TYPE', KEYS[2]).ok
if t ~= 'none' and ARGV[1] == '0' then return refuse('exists') end
if ARGV[4] ~= '' then
  if t == 'none' then return refuse('gone') end
  if t ~= ARGV[4] then return refuse('wrong-type') end
  if ARGV[5] ~= '' and t == 'string' and redis.call('STRLEN', KEYS[2]) ~= tonumber(ARGV[5]) then
    return refuse('changed')
  end
end
-- a right that is missing must show while the key is as it was: the one command that touches it comes last
local kept = ARGV[2] == 'keep' and keptExpiry(KEYS[2], ARGV[6]) or ''
if kept == 'changed' then return refuse('changed') end
if ARGV[2] == 'set' then redis.call('PEXPIREAT', KEYS[1], ARGV[3])
elseif kept ~= '' then redis.call('PEXPIREAT', KEYS[1], kept)
else redis.call('PERSIST', KEYS[1]) end
if redis.call('EXISTS', KEYS[1]) == 0 then return {'expired'} end
local renamed = redis.pcall('RENAME', KEYS[1], KEYS[2])
if renamed.err then
  redis.pcall('UNLINK', KEYS[1])
  return renamed
end
return {'ok'}`;
