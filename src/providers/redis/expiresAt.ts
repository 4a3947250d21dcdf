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

/**
 * Lua of a function `keptExpiry(name, seen)`: the text of the moment when `name` expires, '' for never. Numbers of a script
 * are exact up to 2^53: what lies beyond must be what was read as text just before, `seen`, else it is 'changed'.
 */
export const keptExpiryLua = `
local function keptExpiry(name, seen)
  local at = redis.pcall('PEXPIRETIME', name)
  if type(at) ~= 'number' then
    local left = redis.call('PTTL', name)
    if left < 0 then return '' end
    local time = redis.call('TIME')
    return string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + math.max(left, 1))
  end
  if at < 0 then return '' end
  if at < 9007199254740992 then return string.format('%.0f', at) end
  return tonumber(seen) == at and seen or 'changed'
end`;
