--[[
  libs/flow-store/lua/read-outbox.lua
  Entries of an outbox, the oldest first.

  KEYS[1..2], ARGV[1..2]  see epoch.lua
  KEYS[3]  outbox  stream
  ARGV[3]  where they begin: "-", the id of an entry, or "(" and it
  ARGV[4]  how many at most

  Returns { epoch, clock of Redis as TIME has it, entries as XRANGE has them }.
]]
return { epoch, redis.call("TIME"), redis.call("XRANGE", KEYS[3], ARGV[3], "+", "COUNT", ARGV[4]) }
