--[[
  libs/flow-store/lua/list.lua
  A page of an account's index, newest first.

  KEYS[1..2], ARGV[1..2]  see epoch.lua
  KEYS[3]  index  zset: messageId -> listing time, epoch ms
  ARGV[3]  newest listing time
  ARGV[4]  oldest listing time
  ARGV[5]  how many to pass over
  ARGV[6]  how many at most

  Returns messageId and listing time, one after the other.
]]
local range = { ARGV[3], ARGV[4], "WITHSCORES", "LIMIT", ARGV[5], ARGV[6] }
return redis.call("ZREVRANGEBYSCORE", KEYS[3], unpack(range))
