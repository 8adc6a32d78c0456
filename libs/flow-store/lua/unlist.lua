--[[
  libs/flow-store/lua/unlist.lua
  Takes messages off the list of an account.

  KEYS[1..2], ARGV[1..2]  see epoch.lua
  KEYS[3]   index  zset: messageId -> listing time, epoch ms
  ARGV[3..] messageIds

  Returns how many stood there.
]]
return redis.call("ZREM", KEYS[3], unpack(ARGV, 3))
