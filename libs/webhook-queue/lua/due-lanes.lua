--[[
  libs/webhook-queue/lua/due-lanes.lua
  The lanes of a shard in which something may be claimed now. Changes nothing.
  Behind libs/redis/lua/two-clocks.lua.

  KEYS[1]  lanes  zset: lane -> when there is next something to claim, epoch ms
  ARGV[1]  count_max

  Returns the lanes, those that were due first in front.
]]
return redis.call("ZRANGE", KEYS[1], "-inf", earlier_ms, "BYSCORE", "LIMIT", 0, ARGV[1])
