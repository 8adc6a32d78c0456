--[[
  libs/provider-ids/lua/find-expired.lua
  The reports of a shard that have waited too long, oldest first; they stay until forget.lua takes them away.

  Behind libs/redis/lua/two-clocks.lua: a clock that leaps ahead ends nobody's waiting.

  KEYS[1] reports  hash: name -> report
  KEYS[2] ages     sorted set: name -> since when it waits, epoch ms
  ARGV[1] how long a report waits, ms
  ARGV[2] how many are returned at most

  Returns name and report, one after the other.
]]
local keep_ms, count_max = tonumber(ARGV[1]), tonumber(ARGV[2])
assert(#KEYS == 2 and keep_ms and count_max, "not a number")

local until_ms = earlier_ms - keep_ms
local found = {}
for _, name in ipairs(redis.call("ZRANGEBYSCORE", KEYS[2], "-inf", until_ms, "LIMIT", 0, count_max)) do
  found[#found + 1] = name
  found[#found + 1] = redis.call("HGET", KEYS[1], name)
end
return found
