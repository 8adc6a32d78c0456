--[[
  libs/webhook-queue/lua/due-lanes.lua
  The lanes of a shard in which something may be claimed now. Changes nothing.

  KEYS[1]  lanes  zset: lane -> when there is next something to claim, epoch ms
  ARGV[1]  count_max

  Returns the lanes, those that were due first in front.
]]
local time = redis.call("TIME")
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
return redis.call("ZRANGE", KEYS[1], "-inf", now_ms, "BYSCORE", "LIMIT", 0, ARGV[1])
