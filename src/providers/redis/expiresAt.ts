/**
 * Lua of a function `expiresAt()`: when `key` expires, in ms since the epoch, -1 when it does not. Servers before 7
 * tell only what is left; a script sees one instant, so the sum may be 1 ms off.
 */
export const expiresAtLua = `
local function expiresAt()
  local at = redis.pcall('PEXPIRETIME', key)
  if type(at) == 'number' then return at, 0 end
  local left = redis.call('PTTL', key)
  if left < 0 then return -1, 0 end
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000) + left, 1
end`;
