import { expiresAtLua } from './expiresAt';

/**
 * Compare-and-set of one place in a value of the JSON module. KEYS[1] value; ARGV: path, '1' when it was there,
 * before, '1' when it shall be there, after, and to insert into an array: the array's path and the position, else
 * ''. Texts are compact, as JSON.GET gives them. A path that begins with $ answers with a list of all it matches.
 * Answers as the scripts for elements do, with edit -1, or `{'many'}`. Of its commands one writes, and that one last.
 */
export const setJsonScript = `
local key, path, was, before, stays, after, array, index = KEYS[1], unpack(ARGV)
local found = redis.call('TYPE', key).ok
if found == 'none' then return {'gone'} end
if found ~= 'ReJSON-RL' then return {'wrong-type'} end
${expiresAtLua}
local function stop(reason, current)
  if not current or #current > 1048576 then return {reason} end
  return {reason, -1, current}
end
if index ~= '' then
  local lengths = redis.call('JSON.ARRLEN', key, array)
  if not lengths or #lengths == 0 then return stop('gone') end
  if #lengths > 1 then return {'many'} end
  local length = lengths[1]
  if not length then return stop('changed') end
  if tonumber(index) > length then return stop('gone') end
  if tonumber(index) == length then
    redis.call('JSON.ARRAPPEND', key, array, after)
  else
    redis.call('JSON.ARRINSERT', key, array, index, after)
  end
  return {'ok'}
end
local places = redis.call('JSON.TYPE', key, path)
local count = places and #places or 0
if count > 1 then return {'many'} end
local now = count == 1 and string.sub(redis.call('JSON.GET', key, path), 2, -2)
if was == '0' and now then return stop('exists', now) end
if was == '1' and not now then return stop('gone') end
if was == '1' and now ~= before then return stop('changed', now) end
if stays == '0' then
  local lived = expiresAt()
  redis.call('JSON.DEL', key, path)
  if path == '$' then return {'ok', lived} end
  return {'ok'}
end
-- nil: there is nothing to put it into
if not redis.call('JSON.SET', key, path, after) then return stop('gone') end
return {'ok'}`;
