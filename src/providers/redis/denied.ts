/**
 * Lua of a function `denied(names, absent)`: an error when the user may not run one of these commands on `key`. To be
 * asked before the first write, so that nobody gets half a change. Servers before 7 show a right only when it is
 * used: there, what takes away is tried on `absent`, which the value must not hold.
 */
export const deniedLua = `
local function denied(names, absent)
  local trials = {PEXPIREAT = {1}, HDEL = {absent}, SREM = {absent}, ZREM = {absent}}
  trials.LREM, trials.LINSERT = {0, absent}, {'BEFORE', absent, absent}
  for name in string.gmatch(names, '%S+') do
    if redis.acl_check_cmd then
      local known, allowed = pcall(redis.acl_check_cmd, name, key)
      if known and not allowed then
        return redis.error_reply("NOPERM this user has no permissions to run the '" .. string.lower(name) .. "' command")
      end
    elseif trials[name] and absent then
      local reply = redis.pcall(name, key, unpack(trials[name]))
      if type(reply) == 'table' and reply.err then return reply end
    end
  end
end`;
