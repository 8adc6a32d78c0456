--[[
  libs/webhook-queue/lua/claim.lua
  Takes messages of a lane whose first notification is due. They stay, moved to the end of a lease,
  until `settle` says what became of it: nothing is lost with a notifier that dies.
  Behind libs/redis/lua/two-clocks.lua.

  KEYS[1]  lanes     zset: lane -> when there is next something to claim, epoch ms
  KEYS[2]  due       zset: message_id -> when its first notification is due, epoch ms
  KEYS[3]  flight    zset: message_id in flight -> end of its lease, epoch ms
  KEYS[4]  failures  hash: message_id -> how often its first notification has failed
  ARGV[1]  lane
  ARGV[2]  flight_max  of the lane, over all notifiers
  ARGV[3]  room        of the caller
  ARGV[4]  lease_ms
  ARGV[5]  recheck_ms  when the lane is looked at again if only the caller has no room

  Returns message_id, failure count, message_id, ...
]]
local lanes, due, flight, failures = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local lane, room, lease_ms = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4])

local now_ms = earlier_ms
redis.call("ZREMRANGEBYSCORE", flight, "-inf", now_ms)
local lane_room = tonumber(ARGV[2]) - redis.call("ZCARD", flight)
local count = math.max(0, math.min(room, lane_room))

local reply = {}
if count > 0 then
  for _, message_id in ipairs(redis.call("ZRANGE", due, "-inf", now_ms, "BYSCORE", "LIMIT", 0, count)) do
    redis.call("ZADD", due, now_ms + lease_ms, message_id)
    redis.call("ZADD", flight, now_ms + lease_ms, message_id)
    table.insert(reply, message_id)
    table.insert(reply, tonumber(redis.call("HGET", failures, message_id) or 0))
  end
end

local first = redis.call("ZRANGE", due, 0, 0, "WITHSCORES")[2]
if not first then
  redis.call("ZREM", lanes, lane)
elseif lane_room <= #reply / 2 then
  -- Full: settle opens the lane again, or the first lease that ends.
  local lease_end = redis.call("ZRANGE", flight, 0, 0, "WITHSCORES")[2]
  redis.call("ZADD", lanes, math.max(tonumber(first), tonumber(lease_end)), lane)
elseif tonumber(first) <= now_ms then
  redis.call("ZADD", lanes, now_ms + tonumber(ARGV[5]), lane)
else
  redis.call("ZADD", lanes, first, lane)
end
return reply
