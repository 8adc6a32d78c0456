--[[
  libs/dispatch-store/lua/reserve.lua
  Reserves one call of a sender (GCRA), so that all dispatchers together keep its rate. The caller
  waits as long as it is told, and then goes without asking again.

  KEYS[1]  rate  string: when the bucket will be empty again ("theoretical arrival"), epoch us
  ARGV[1]  interval_us  one second divided by the rate
  ARGV[2]  burst_count  how many calls may go at once after a pause

  Returns how long to wait, in ms.
]]
local rate, interval_us = KEYS[1], tonumber(ARGV[1])

local time = redis.call("TIME")
local now_us = time[1] * 1000000 + time[2]
local arrival_us = math.max(now_us, tonumber(redis.call("GET", rate) or 0))
local next_us = arrival_us + interval_us
local ttl_ms = math.ceil((next_us - now_us) / 1000)
redis.call("SET", rate, string.format("%.0f", next_us), "PX", ttl_ms)
return math.max(0, math.ceil((next_us - now_us - interval_us * tonumber(ARGV[2])) / 1000))
