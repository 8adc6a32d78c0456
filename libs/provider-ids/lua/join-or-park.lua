--[[
  libs/provider-ids/lua/join-or-park.lua
  Finds the attempts that reports belong to; a report whose attempt is not known yet waits until
  find-waiting.lua asks for it. Parking the same report again changes nothing. Beyond the place's room
  the oldest ones go.
  Behind libs/redis/lua/two-clocks.lua.

  KEYS[1..n]  links      string per report's provider id: the attempt
  KEYS[n+1]   reports    hash: name -> report
  KEYS[n+2]   names      sorted set of names, all with score 0
  KEYS[n+3]   ages       sorted set: name -> since when it waits, epoch ms
  KEYS[n+4]   providers  set of those whose reports wait in the shard
  ARGV[1]     how many reports wait for one provider id at most
  ARGV[2]     how many of the provider wait in the shard at most
  ARGV[3]     the provider that all of the reports are of
  ARGV[4..]   per report: how the names of its id begin, its reportId, and the report; an empty one is
              not parked

  Returns two lists: for each report its attempt, 2 if it is not known, 1 if the report waits, 0 if no
  more wait for that id; and the names of the oldest ones, which were dropped.
]]
local count = #KEYS - 4
local reports, names, ages, providers = unpack(KEYS, count + 1)
local of_id_max, room = tonumber(ARGV[1]), tonumber(ARGV[2])
assert(count > 0 and #ARGV == 3 + 3 * count, "three arguments per report")
assert(of_id_max and room, "not a number")

local joined = redis.call("MGET", unpack(KEYS, 1, count))
-- Only raise WRONGTYPE, before anything is written.
redis.call("HLEN", reports)
redis.call("ZCARD", names)
redis.call("ZCARD", ages)
redis.call("SCARD", providers)

local function park(prefix, report_id, report)
  local name = prefix .. report_id
  if redis.call("HEXISTS", reports, name) == 1 then return 1 end
  -- 255 is no byte of UTF-8, so it comes after whatever follows the prefix.
  if redis.call("ZLEXCOUNT", names, "[" .. prefix, "(" .. prefix .. "\255") >= of_id_max then return 0 end
  redis.call("HSET", reports, name, report)
  redis.call("ZADD", names, 0, name)
  redis.call("ZADD", ages, later_ms, name)
  redis.call("SADD", providers, ARGV[3])
  return 1
end

for i = 1, count do
  local at = 3 * i + 1
  if not joined[i] then
    joined[i] = ARGV[at + 2] == "" and 2 or park(ARGV[at], ARGV[at + 1], ARGV[at + 2])
  end
end
local dropped = {}
local over = redis.call("ZCARD", ages) - room
if over > 0 then dropped = redis.call("ZRANGE", ages, 0, over - 1) end
for _, name in ipairs(dropped) do
  redis.call("HDEL", reports, name)
  redis.call("ZREM", names, name)
  redis.call("ZREM", ages, name)
end
return { joined, dropped }
