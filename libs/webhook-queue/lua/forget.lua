--[[
  libs/webhook-queue/lua/forget.lua
  Takes a dead letter out of its account's list, unless it died once more since it was read: a replay
  may fail before the one who asked for it gets here.

  KEYS[1]  dead     zset: failure_id -> when it was given up, epoch ms
  KEYS[2]  letters  hash: failure_id -> the dead letter
  KEYS[3]  counts   hash: lane -> how many of the letters are its own
  ARGV[1]  failure_id
  ARGV[2]  died_at  of the letter that was read, epoch ms

  Behind libs/webhook-queue/lua/uncount.lua.

  Returns 1, or 0 if there is another letter or none.
]]
local dead, letters, counts, failure_id = KEYS[1], KEYS[2], KEYS[3], ARGV[1]

local letter = redis.call("HGET", letters, failure_id)
if not letter or cjson.decode(letter).diedAt ~= tonumber(ARGV[2]) then return 0 end
uncount(counts, letter)
redis.call("HDEL", letters, failure_id)
redis.call("ZREM", dead, failure_id)
return 1
