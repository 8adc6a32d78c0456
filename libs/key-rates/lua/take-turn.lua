--[[
  libs/key-rates/lua/take-turn.lua
  Lets a request pass if its key has a turn left: turns come back one after the other, up to a burst.
  Behind libs/redis/lua/two-clocks.lua: no turn is given out by a clock that is far off.

  KEYS[1] when the key has all of its turns again, microseconds since 1970
  ARGV[1] how long a turn takes to come back, microseconds
  ARGV[2] how many turns there are at most

  Returns how long to wait for a turn, ms; 0: it was taken.
]]
local turn_us, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
assert(#KEYS == 1 and turn_us and burst, "not a number")

local now_us = redis_us
local full_at = math.max(tonumber(redis.call("GET", KEYS[1]) or "0"), now_us) + turn_us
local wait_us = full_at - now_us - turn_us * burst
if wait_us > 0 then return math.ceil(wait_us / 1000) end

local keep_ms = math.ceil((full_at - now_us) / 1000)
redis.call("SET", KEYS[1], string.format("%.0f", full_at), "PX", keep_ms)
return 0
