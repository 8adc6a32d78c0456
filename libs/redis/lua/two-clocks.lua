--[[
  libs/redis/lua/two-clocks.lua
  Stands before each script that goes by time (see libs/redis/clocks.ts): deadlines are armed by
  later_ms, and what is due is so by earlier_ms.

  Takes the last two arguments off ARGV, so that the script behind it counts its own only:
  the caller's clock, epoch ms; how far the two may be apart, ms

  Returns the error CLOCKSKEW <Redis' clock, epoch ms>, before anything is done, if they are further.
]]
local skew_max_ms, caller_ms = tonumber(table.remove(ARGV)), tonumber(table.remove(ARGV))
assert(skew_max_ms and caller_ms, "the caller's clock is not a number")
local redis_time = redis.call("TIME")
local redis_us = redis_time[1] * 1000000 + redis_time[2]
local redis_ms = math.floor(redis_us / 1000)
if math.abs(redis_ms - caller_ms) > skew_max_ms then
  return redis.error_reply(string.format("CLOCKSKEW %.0f", redis_ms))
end
local earlier_ms, later_ms = math.min(redis_ms, caller_ms), math.max(redis_ms, caller_ms)
