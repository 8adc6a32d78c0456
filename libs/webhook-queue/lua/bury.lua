--[[
  libs/webhook-queue/lua/bury.lua
  Puts a dead letter into its account's list, and drops what is too old or too much there.

  KEYS[1]  dead     zset: failure_id -> when it was given up, epoch ms; no two are the same
  KEYS[2]  letters  hash: failure_id -> the dead letter
  KEYS[3]  counts   hash: lane -> how many of the letters are its own
  ARGV[1]  failure_id
  ARGV[2]  letter
  ARGV[3]  died_at, epoch ms
  ARGV[4]  keep_ms
  ARGV[5]  count_max
  ARGV[6]  lane

  Behind libs/webhook-queue/lua/uncount.lua.

  Returns how many old ones were dropped, 100 at most.
]]
local dead, letters, counts = KEYS[1], KEYS[2], KEYS[3]
local died_at, keep_ms = tonumber(ARGV[3]), tonumber(ARGV[4])

-- Several die in one millisecond; a replay needs the order in which they did.
local last = tonumber(redis.call("ZRANGE", dead, -1, -1, "WITHSCORES")[2] or 0)
local score = died_at > last and died_at or last + 2 ^ -10

redis.call("ZADD", dead, score, ARGV[1])
if redis.call("HSET", letters, ARGV[1], ARGV[2]) == 1 then
  redis.call("HINCRBY", counts, ARGV[6], 1)
end
redis.call("PEXPIRE", dead, keep_ms)
redis.call("PEXPIRE", letters, keep_ms)
redis.call("PEXPIRE", counts, keep_ms)

local old = redis.call("ZRANGE", dead, "-inf", died_at - keep_ms, "BYSCORE", "LIMIT", 0, 100)
if #old == 0 and redis.call("ZCARD", dead) > tonumber(ARGV[5]) then
  old = redis.call("ZRANGE", dead, 0, 0)
end
for _, failure_id in ipairs(old) do
  uncount(counts, redis.call("HGET", letters, failure_id))
  redis.call("ZREM", dead, failure_id)
  redis.call("HDEL", letters, failure_id)
end
return #old
