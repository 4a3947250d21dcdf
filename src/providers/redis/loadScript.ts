/**
 * Puts a value that was built beside its key in place, or takes it away again. KEYS: what was built, the key; ARGV:
 * '1' to replace, ttl mode (keep, remove, set), expiry in ms since the epoch, type and length of what is replaced
 * ('' unchecked). Answers `{'ok'}` or `{reason}`; on a reason the key is as it was.
 */
export const finishLoadScript = `
if redis.call('EXISTS', KEYS[1]) == 0 then return {'lost'} end
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
local ttl = redis.call('PTTL', KEYS[2])
-- a right that is missing must show while the key is as it was: the one command that touches it comes last
if ARGV[2] == 'set' then redis.call('PEXPIREAT', KEYS[1], ARGV[3])
elseif ARGV[2] == 'keep' and ttl >= 0 then redis.call('PEXPIRE', KEYS[1], math.max(ttl, 1))
else redis.call('PERSIST', KEYS[1]) end
if redis.call('EXISTS', KEYS[1]) == 0 then return {'lost'} end
local renamed = redis.pcall('RENAME', KEYS[1], KEYS[2])
if renamed.err then
  redis.pcall('UNLINK', KEYS[1])
  return renamed
end
return {'ok'}`;
