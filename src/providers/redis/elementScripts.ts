import { deniedLua } from './denied';
import { expiresAtLua } from './expiresAt';

/**
 * Edits of elements in one atomic step: every check first, then the rights to all commands, then the writes. The
 * answer is `{'ok'}`, `{'ok', expiry}` when the last element went and the key with it (-1: it did not expire),
 * or `{reason, edit?, current?}` with nothing changed. `current` is left out above 1 MiB. All take ARGV: '1' to
 * make the key anew, its expiry in ms since the epoch or '', names of the commands that will write.
 */

const start = (type: string): string => `
local key, recreate, expiry = KEYS[1], ARGV[1] == '1', ARGV[2]
local found = redis.call('TYPE', key).ok
if recreate and found ~= 'none' then return {'exists'} end
if not recreate and found == 'none' then return {'gone'} end
if not recreate and found ~= '${type}' then return {'wrong-type'} end
local function stop(reason, edit, current)
  if not current or #current > 1048576 then return {reason, edit} end
  return {reason, edit, current}
end
${expiresAtLua}
${deniedLua}
local also = recreate and (expiry ~= '' and ' PEXPIREAT' or '') or ' EXISTS'
local function finish(before)
  if recreate and expiry ~= '' then redis.call('PEXPIREAT', key, expiry) end
  if not recreate and redis.call('EXISTS', key) == 0 then return {'ok', before} end
  return {'ok'}
end`;

/**
 * The loop over edits of named elements. ARGV goes on with six an edit: name, '1' when it was there, before, '1'
 * when it shall be there, after, time to live ('' keeps it, 'remove', an expiry, or = and the name of the field that
 * it is taken over from). `names` says how one type does it.
 */
const editNamed = (type: string, names: string): string => `${start(type)}
local commands, order, first, state = ARGV[3], {}, {}, {}
local function same(a, b) return a == b end
local function follow(name, stays, ttl) return nil end
local function prepare(absent) return nil end
${names}
for at = 4, #ARGV, 6 do
  local name, was, before, stays, after, ttl = unpack(ARGV, at, at + 5)
  local edit = (at - 4) / 6
  if state[name] == nil then
    first[name] = look(name)
    state[name] = first[name]
    order[#order + 1] = name
  end
  local now = state[name]
  if was == '0' and now then return stop('exists', edit, shown(now)) end
  if was == '1' and not now then return stop('gone', edit) end
  if was == '1' and not same(now, before) then return stop('changed', edit, shown(now)) end
  local problem = follow(name, stays == '1', ttl)
  if problem then return problem end
  state[name] = stays == '1' and after
end
local absent = 'absent'
while look(absent) do absent = absent .. '?' end
local problem = denied(commands .. also, absent) or prepare(absent)
if problem then return problem end
local lived = expiresAt()
-- what stays goes first: a key that is empty for a moment loses its time to live
for _, name in ipairs(order) do
  if state[name] then put(name, state[name]) end
end
for _, name in ipairs(order) do
  if first[name] and not state[name] then take(name) end
end
return finish(lived)`;

/** Fields of a hash. HSET drops the TTL of a field (Redis 7.4, Valkey 9), so it is set again. */
export const editHashScript = editNamed(
  'hash',
  `
local had, expiries, supported = {}, {}, true
local function shown(now) return now end
local function look(name) return redis.call('HGET', key, name) end
local function use(command)
  if not string.find(commands, command, 1, true) then commands = commands .. ' ' .. command end
end
local function readExpiry(name)
  local at = redis.pcall('HPEXPIRETIME', key, 'FIELDS', '1', name)
  if type(at) ~= 'table' then return -1 end
  if not at.err then return at[1] or -1 end
  -- by how the error begins: further on it may hold the name of the user
  local words = string.match(at.err, '^ERR (.*)') or string.match(at.err, '^@user_script:%s*%d+:%s*(.*)') or at.err
  if string.sub(words, 1, 7) == 'Unknown' then supported = false end
  return supported and at or -1
end
-- of a field that was renamed: under its new name it lives as long
local function inherit(name, heir)
  local at = readExpiry(heir)
  if type(at) == 'table' then return at end
  had[name], expiries[name] = -1, at
  if at > 0 then use('HPEXPIREAT') end
end
follow = function(name, stays, ttl)
  if string.sub(ttl, 1, 1) == '=' then return stays and inherit(name, string.sub(ttl, 2)) or nil end
  if supported and stays and not had[name] then
    local at = readExpiry(name)
    -- a right that is missing must not cost the field its TTL
    if type(at) == 'table' then return at end
    had[name], expiries[name] = at, expiries[name] or at
    if at > 0 then use('HPEXPIREAT HPERSIST') end
  end
  if ttl ~= '' and stays then
    if not supported then return {'no-field-ttl'} end
    if ttl ~= 'remove' then use('HPEXPIREAT') end
  end
  if ttl == 'remove' or not stays then
    expiries[name] = -1
  elseif ttl ~= '' then
    expiries[name] = ttl
  end
end
-- what the server would not take must show before the first write; a kept moment above 2^53 is not exact here
prepare = function(absent)
  for name, at in pairs(expiries) do
    if type(at) == 'number' and at > 9007199254740992 then return {'far-ttl'} end
    if state[name] and (type(at) == 'string' or at > 0) then
      local tried = redis.pcall('HPEXPIREAT', key, at, 'FIELDS', '1', absent)
      if tried.err then return tried end
    end
  end
end
local function put(name, after)
  redis.call('HSET', key, name, after)
  local at = expiries[name] or -1
  if type(at) == 'string' or at > 0 then
    redis.call('HPEXPIREAT', key, at, 'FIELDS', '1', name)
  elseif (had[name] or -1) > 0 then
    redis.call('HPERSIST', key, 'FIELDS', '1', name)
  end
end
local function take(name) redis.call('HDEL', key, name) end`,
);

/** Members of a set. */
export const editSetScript = editNamed(
  'set',
  `
local function shown(now) return nil end
local function look(name) return redis.call('SISMEMBER', key, name) == 1 and '' end
local function put(name) redis.call('SADD', key, name) end
local function take(name) redis.call('SREM', key, name) end`,
);

/** Members of a sorted set; scores are compared as numbers. */
export const editZsetScript = editNamed(
  'zset',
  `
local function shown(now) return now end
local function look(name) return redis.call('ZSCORE', key, name) end
same = function(a, b) return tonumber(a) == tonumber(b) end
local function put(name, after) redis.call('ZADD', key, after, name) end
local function take(name) redis.call('ZREM', key, name) end`,
);

/**
 * Positions of a list. ARGV goes on with: two byte strings that no element equals, the length that the list must
 * have or '', number of checks; four a check: kind, number, bytes, edit; three a step: kind, position, bytes.
 */
export const editListScript = `${start('list')}
local commands, tombstone, place, length, checks = unpack(ARGV, 3, 7)
local size = redis.call('LLEN', key)
if length ~= '' and size ~= tonumber(length) then return {'length', size} end
for at = 8, 7 + checks * 4, 4 do
  local kind, number, bytes, edit = unpack(ARGV, at, at + 3)
  edit = tonumber(edit)
  if kind == 'element' then
    local now = redis.call('LINDEX', key, number)
    if not now then return stop('gone', edit) end
    if now ~= bytes then return stop('changed', edit, now) end
  elseif kind == 'atLeast' then
    if size < tonumber(number) then return stop('gone', edit) end
  elseif kind == 'exactly' then
    if size ~= tonumber(number) then return stop('changed', edit) end
  else
    return stop(kind, edit)
  end
end
local problem = denied(commands .. also, tombstone)
if problem then return problem end
local within, removes = 0, true
for step = 8 + checks * 4, #ARGV, 3 do
  removes = removes and ARGV[step] == 'mark'
  local at = ARGV[step] == 'insert' and tonumber(ARGV[step + 1]) or 0
  if (at > 0 and at < size) or (at < -1 and -at <= size) then within = within + 1 end
end
-- each searches the list: measured, 10 ms a million elements, in which the server does nothing else
if within > 1 and within * size > 20000000 then return {'too-long'} end
local lived, marked = (expiresAt()), 0
-- a full server refuses what may need memory as the first write of a script only: what just removes begins with this
if removes then redis.call('LREM', key, 1, tombstone) end
local function insert(at, bytes)
  local now = at ~= 0 and at ~= -1 and redis.call('LINDEX', key, at)
  if at == 0 or (at < -1 and not now) then return redis.call('LPUSH', key, bytes) end
  if not now then return redis.call('RPUSH', key, bytes) end
  -- LINSERT finds its place by value: for the moment, no other element has this one
  redis.call('LSET', key, at, place)
  redis.call('LINSERT', key, at > 0 and 'BEFORE' or 'AFTER', place, bytes)
  redis.call('LSET', key, at > 0 and at + 1 or at - 1, now)
end
for step = 8 + checks * 4, #ARGV, 3 do
  local kind, at, bytes = unpack(ARGV, step, step + 2)
  if kind == 'insert' then
    insert(tonumber(at), bytes)
  elseif kind == 'mark' then
    redis.call('LSET', key, at, tombstone)
    marked = marked + (tonumber(at) < 0 and -1 or 1)
  else
    redis.call('LSET', key, at, bytes)
  end
end
if marked ~= 0 then redis.call('LREM', key, marked, tombstone) end
return finish(lived)`;
