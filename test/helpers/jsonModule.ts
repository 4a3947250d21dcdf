/**
 * Lua that stands in for the JSON module where there is none: documents are strings, and within a script `redis.call`
 * knows the commands of the module that the product uses, for paths such as `$.a.list[0]` and `$.*`.
 */
export const jsonModule = `
local server = redis
local function find(key, path)
  local text = server.call('GET', key)
  local root = {text and cjson.decode(text)}
  local at = {{root, 1}}
  for token in string.gmatch(string.sub(path, 2), '[%w*]+') do
    local found = {}
    for _, place in ipairs(at) do
      local value = place[1][place[2]]
      if type(value) == 'table' then
        if token == '*' then
          for name in pairs(value) do found[#found + 1] = {value, name} end
        else
          found[#found + 1] = {value, tonumber(token) and tonumber(token) + 1 or token}
        end
      end
    end
    at = found
  end
  return root, at
end
local function each(at, make)
  local answers = {}
  for _, place in ipairs(at) do
    local value = place[1][place[2]]
    if value ~= nil then answers[#answers + 1] = make(value, place) end
  end
  return answers
end
local function save(key, root)
  server.call('SET', key, cjson.encode(root[1]), 'KEEPTTL')
  return {ok = 'OK'}
end
local commands = {}
commands['TYPE'] = function(key)
  local found = server.call('TYPE', key)
  return found.ok == 'string' and {ok = 'ReJSON-RL'} or found
end
commands['JSON.TYPE'] = function(key, path)
  local root, at = find(key, path)
  return each(at, function(value) return type(value) end)
end
commands['JSON.GET'] = function(key, path)
  local root, at = find(key, path)
  return '[' .. table.concat(each(at, function(value) return cjson.encode(value) end), ',') .. ']'
end
commands['JSON.SET'] = function(key, path, text)
  local root, at = find(key, path)
  if #at == 0 then return false end
  for _, place in ipairs(at) do place[1][place[2]] = cjson.decode(text) end
  return save(key, root)
end
commands['JSON.DEL'] = function(key, path)
  if path == '$' then return server.call('DEL', key) end
  local root, at = find(key, path)
  each(at, function(value, place)
    if type(place[2]) == 'number' then table.remove(place[1], place[2]) else place[1][place[2]] = nil end
    return 1
  end)
  save(key, root)
  return 1
end
commands['JSON.ARRLEN'] = function(key, path)
  local root, at = find(key, path)
  return each(at, function(value) return type(value) == 'table' and #value end)
end
commands['JSON.ARRINSERT'] = function(key, path, index, text)
  local root, at = find(key, path)
  each(at, function(value) table.insert(value, tonumber(index) + 1, cjson.decode(text)) return 1 end)
  save(key, root)
  return {1}
end
commands['JSON.ARRAPPEND'] = function(key, path, text)
  local root, at = find(key, path)
  each(at, function(value) value[#value + 1] = cjson.decode(text) return 1 end)
  save(key, root)
  return {1}
end
local redis = setmetatable({
  call = function(name, ...)
    if commands[name] then return commands[name](...) end
    return server.call(name, ...)
  end,
}, {__index = server})
`;
