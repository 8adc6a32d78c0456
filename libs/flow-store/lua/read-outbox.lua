--[[
  libs/flow-store/lua/read-outbox.lua
  The oldest entries of an outbox; and the newest one alone.

  KEYS[1..2], ARGV[1..2]  see epoch.lua
  KEYS[3]  outbox  stream
  ARGV[3]  "oldest" or "newest"
  ARGV[4]  how many at most

  Returns { epoch, clock of Redis as TIME has it, entries as XRANGE has them }.
]]
local entries
if ARGV[3] == "newest" then
  entries = redis.call("XREVRANGE", KEYS[3], "+", "-", "COUNT", ARGV[4])
else
  entries = redis.call("XRANGE", KEYS[3], "-", "+", "COUNT", ARGV[4])
end
return { epoch, redis.call("TIME"), entries }
