--[[
  libs/webhook-queue/lua/settle.lua
  Ends a claim. A notification that is done leaves its message's queue and the next one is due at
  once; one that failed stays the first, due after a delay. If it is not the first any more, its lease
  had ended and another notifier has settled it: nothing is done then.
  Behind libs/redis/lua/two-clocks.lua: a delay counts from the later clock.

  KEYS[1]  lanes     zset: lane -> when there is next something to claim, epoch ms
  KEYS[2]  waiting   zset: lane .. "\n" .. message_id -> since when something waits, epoch ms
  KEYS[3]  due       zset: message_id -> when its first notification is due, epoch ms
  KEYS[4]  flight    zset: message_id in flight -> end of its lease, epoch ms
  KEYS[5]  failures  hash: message_id -> how often its first notification has failed
  KEYS[6]  queue     list of notifications, oldest first
  KEYS[7]  failing   hash: lane -> since when it fails, when last, and why
  ARGV[1]  lane
  ARGV[2]  message_id
  ARGV[3]  notification  as it was claimed
  ARGV[4]  delay_ms      until the next try; "" if it is done
  ARGV[5]  fault         when and why, such as "1764500000000 It answered 500."; "" if it was taken

  Returns 1, or 0 if another one has settled it.
]]
local lanes, waiting, due, flight, failures, queue = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local failing = KEYS[7]
local lane, message_id, delay_ms = ARGV[1], ARGV[2], tonumber(ARGV[4])

local head = redis.call("LINDEX", queue, 0)
if head and head ~= ARGV[3] then return 0 end

redis.call("ZREM", flight, message_id)
if head and delay_ms then
  redis.call("HINCRBY", failures, message_id, 1)
  redis.call("ZADD", due, later_ms + delay_ms, message_id)
else
  redis.call("LPOP", queue)
  redis.call("HDEL", failures, message_id)
  if redis.call("LLEN", queue) > 0 then
    redis.call("ZADD", due, earlier_ms, message_id)
  else
    redis.call("ZREM", due, message_id)
    redis.call("ZREM", waiting, lane .. "\n" .. message_id)
  end
end

if ARGV[5] == "" then
  redis.call("HDEL", failing, lane)
else
  local since = string.match(redis.call("HGET", failing, lane) or ARGV[5], "^%d+")
  redis.call("HSET", failing, lane, since .. " " .. ARGV[5])
end

local first = redis.call("ZRANGE", due, 0, 0, "WITHSCORES")[2]
if first then
  redis.call("ZADD", lanes, first, lane)
else
  redis.call("ZREM", lanes, lane)
end
return 1
