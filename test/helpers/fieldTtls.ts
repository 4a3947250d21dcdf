/**
 * Lua that stands in for times to live of hash fields (Redis 7.4, Valkey 9) where there are none: they are kept in a
 * hash beside, HSET and HDEL drop them as those servers do. `refuse` names a command that the user may not run.
 */
export const fieldTtlsLua = (refuse = ''): string => `
local server = redis
local commands = {}
commands['HPEXPIRETIME'] = function(key, _, _, field)
  if server.call('HEXISTS', key, field) == 0 then return {-2} end
  return {tonumber(server.call('HGET', 'ttls', field) or -1)}
end
commands['HPEXPIREAT'] = function(key, at, _, _, field)
  if server.call('HEXISTS', key, field) == 0 then return {-2} end
  server.call('HSET', 'ttls', field, string.format('%.0f', tonumber(at)))
  return {1}
end
commands['HPERSIST'] = function(key, _, _, field)
  return {server.call('HDEL', 'ttls', field)}
end
commands['HSET'] = function(key, field, value)
  server.call('HDEL', 'ttls', field)
  return server.call('HSET', key, field, value)
end
commands['HDEL'] = function(key, field)
  server.call('HDEL', 'ttls', field)
  return server.call('HDEL', key, field)
end
local function run(name, ...)
  if name == '${refuse}' then return server.error_reply('NOPERM this user has no permissions') end
  if commands[name] then return commands[name](...) end
  return server.pcall(name, ...)
end
local redis = setmetatable({
  pcall = run,
  call = function(...)
    local reply = run(...)
    if type(reply) == 'table' and reply.err then error(reply.err) end
    return reply
  end,
}, {__index = server})
`;
