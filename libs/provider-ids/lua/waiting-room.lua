--[[
  libs/provider-ids/lua/waiting-room.lua
  Stands before the scripts that let reports wait and take them away: what waits in a shard is weighed,
  in all and for each provider. A name begins with its provider's length, a colon, the provider, a colon; one of
  a provider that found no room of its own has the beginning of the room that these share before that.

  KEYS[1] reports  hash: name -> report
  KEYS[2] names    sorted set of names, all with score 0
  KEYS[3] ages     sorted set: name -> since when it waits, epoch ms
  KEYS[4] turns    sorted set, all with score 0: how the names of a provider begin, since when, a space
                   and the name; so the oldest of each provider is its first
  KEYS[5] weights  sorted set: how the names of a provider begin -> what its reports weigh
  KEYS[6] room     hash: bytes -> what all weigh
]]
local reports, names, ages, turns, weights, room = unpack(KEYS, 1, 6)

-- What Redis needs for a report beside its bytes: it has the name five times.
local OWN_BYTES = 400

-- As of a provider without a name, but for its length, which no name's is written like.
local SHARED = "00::"

local function whose(name)
  local length = string.match(name, "^%d+")
  return string.sub(name, 1, #length + tonumber(length) + 2)
end

local function weight_of(name) return redis.call("HSTRLEN", reports, name) + 5 * #name + OWN_BYTES end

local function weigh(name, by)
  local owner = whose(name)
  local own = tonumber(redis.call("ZSCORE", weights, owner) or 0) + by
  if own > 0 then redis.call("ZADD", weights, own, owner) else redis.call("ZREM", weights, owner) end
  if redis.call("HINCRBY", room, "bytes", by) <= 0 then redis.call("DEL", room) end
end

local function turn_of(name, since) return whose(name) .. since .. " " .. name end

local function take_away(name)
  local since = redis.call("ZSCORE", ages, name)
  if not since then return false end
  local weight = weight_of(name)
  redis.call("HDEL", reports, name) -- First of all: a full Redis takes nothing that adds before what takes away.
  redis.call("ZREM", names, name)
  redis.call("ZREM", ages, name)
  redis.call("ZREM", turns, turn_of(name, since))
  weigh(name, -weight)
  return true
end
