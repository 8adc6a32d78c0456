--[[
  libs/provider-ids/lua/join-or-park.lua
  Finds the attempts that reports belong to; a report whose attempt is not known yet waits until
  find-waiting.lua asks for it. Parking the same report again changes nothing. Beyond the shard's room the
  oldest ones go, of the provider whose reports weigh the most: nobody pushes out the few of another. Beyond so
  many providers all others are as one.
  Behind libs/redis/lua/two-clocks.lua and waiting-room.lua, whose keys come first.

  KEYS[7..]   links      string per report's provider id: the attempt
  ARGV[1]     how many reports wait for one provider id at most
  ARGV[2]     how many providers have room of their own in the shard
  ARGV[3]     how much may wait in the shard, bytes
  ARGV[4..]   per report: how the names of its id begin, its reportId, and the report; an empty one is
              not parked

  Returns two lists: for each report its attempt, 2 if it is not known, 1 if the report waits, 0 if no
  more may wait of its id; and the names of the oldest ones, which were dropped.
]]
local count = #KEYS - 6
local of_id_max, providers_max, bytes_max = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
assert(count > 0 and #ARGV == 3 + 3 * count, "three arguments per report")
assert(of_id_max and providers_max and bytes_max, "not a number")

local joined = redis.call("MGET", unpack(KEYS, 7))
-- Only raise WRONGTYPE, before anything is written.
redis.call("HLEN", reports)
redis.call("HLEN", room)
for i = 2, 5 do redis.call("ZCARD", KEYS[i]) end

local since = string.format("%.0f", later_ms)
local function has_room(name)
  return redis.call("ZSCORE", weights, whose(name)) or redis.call("ZCARD", weights) < providers_max
end

local function park(prefix, report_id, report)
  local own, shared = prefix .. report_id, SHARED .. prefix .. report_id
  if redis.call("HEXISTS", reports, own) + redis.call("HEXISTS", reports, shared) > 0 then return 1 end
  local name = has_room(own) and own or shared
  local of_id = string.sub(name, 1, #name - #report_id)
  -- 255 is no byte of UTF-8, so it comes after whatever follows the id.
  if redis.call("ZLEXCOUNT", names, "[" .. of_id, "(" .. of_id .. "\255") >= of_id_max then return 0 end
  redis.call("HSET", reports, name, report)
  redis.call("ZADD", names, 0, name)
  redis.call("ZADD", ages, since, name)
  redis.call("ZADD", turns, 0, turn_of(name, since))
  weigh(name, weight_of(name))
  return 1
end

for i = 1, count do
  local at = 3 * i + 1
  if not joined[i] then
    joined[i] = ARGV[at + 2] == "" and 2 or park(ARGV[at], ARGV[at + 1], ARGV[at + 2])
  end
end

local function oldest_of_most()
  local owner = redis.call("ZREVRANGE", weights, 0, 0)[1]
  local turn = owner and redis.call("ZRANGEBYLEX", turns, "[" .. owner, "(" .. owner .. "\255", "LIMIT", 0, 1)[1]
  return turn and string.match(string.sub(turn, #owner + 1), "^%d+ (.*)$")
end

local dropped = {}
while tonumber(redis.call("HGET", room, "bytes") or 0) > bytes_max do
  local name = oldest_of_most()
  if not (name and take_away(name)) then break end
  dropped[#dropped + 1] = name
end
return { joined, dropped }
