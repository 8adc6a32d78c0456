--[[
  libs/flow-store/lua/read-outbox.lua
  The oldest entries of an outbox.

  KEYS[1..2], ARGV[1..2]  see epoch.lua
  KEYS[3]  outbox  stream
  ARGV[3]  how many at most

  Returns { epoch, clock of Redis as TIME has it, entries as XRANGE has them }.
]]
return { epoch, redis.call("TIME"), redis.call("XRANGE", KEYS[3], "-", "+", "COUNT", ARGV[3]) }
