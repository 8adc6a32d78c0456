--[[
  libs/daily-caps/lua/count.lua
  Counts a message against the caps of its account's day, if there is room under every one of them.

  Behind libs/redis/lua/two-clocks.lua: nothing is counted on the day of a clock that is far off.

  KEYS[1] counts     hash: counter -> how much of it was used this day; warned:<code> -> 1
  KEYS[2] taken      set: marks of the messages that were counted this day
  KEYS[3] yesterday  set: the same of the day before
  ARGV[1] `take` counts; `look` changes nothing
  ARGV[2] the message's mark
  ARGV[3] how long the day's keys are kept, seconds
  then of each counter: its name, how much the message uses, the cap, from where on is warned, its code

  Returns whether it was counted before, how much of each counter is used with it, and whether each one's
  warning is the first of its code this day.
]]
assert(#KEYS == 3 and #ARGV >= 3 and (#ARGV - 3) % 5 == 0, "a mark, and five words for each counter")

local takes = ARGV[1] == "take"
if redis.call("SISMEMBER", KEYS[2], ARGV[2]) == 1 or redis.call("SISMEMBER", KEYS[3], ARGV[2]) == 1 then
  return { 1, {}, {} }
end

local used, firsts, has_room = {}, {}, true
for i = 4, #ARGV, 5 do
  local with_it = tonumber(redis.call("HGET", KEYS[1], ARGV[i]) or "0") + tonumber(ARGV[i + 1])
  used[#used + 1] = with_it
  has_room = has_room and with_it <= tonumber(ARGV[i + 2])
end

for n = 1, #used do
  local i = 4 + (n - 1) * 5
  firsts[n] = 0
  if takes and has_room then
    redis.call("HINCRBY", KEYS[1], ARGV[i], ARGV[i + 1])
    if used[n] >= tonumber(ARGV[i + 3]) then
      firsts[n] = redis.call("HSETNX", KEYS[1], "warned:" .. ARGV[i + 4], 1)
    end
  end
end
if takes and has_room then
  redis.call("SADD", KEYS[2], ARGV[2])
  redis.call("EXPIRE", KEYS[1], ARGV[3])
  redis.call("EXPIRE", KEYS[2], ARGV[3])
end
return { 0, used, firsts }
