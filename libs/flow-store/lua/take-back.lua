--[[
  libs/flow-store/lua/take-back.lua
  Takes lent timers back, so that they are due at once.

  KEYS[1..2], ARGV[1..2]  see epoch.lua
  KEYS[3]   lent  hash: messageId -> its lease, see claim-due.lua
  ARGV[3..] messageIds

  Returns how many were lent.
]]
return redis.call("HDEL", KEYS[3], unpack(ARGV, 3))
