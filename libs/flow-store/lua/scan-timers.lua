--[[
  libs/flow-store/lua/scan-timers.lua
  A page of a shard's timers.

  KEYS[1..2], ARGV[1..2]  see epoch.lua
  KEYS[3]  timers  zset: messageId -> due time, epoch ms
  ARGV[3]  cursor
  ARGV[4]  about how many

  Returns { epoch, next cursor, messageId and due time one after the other }.
]]
local page = redis.call("ZSCAN", KEYS[3], ARGV[3], "COUNT", ARGV[4])
return { epoch, page[1], page[2] }
