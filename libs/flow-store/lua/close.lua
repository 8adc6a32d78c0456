--[[
  libs/flow-store/lua/close.lua
  Closes a shard of which writes were lost, for everybody.

  KEYS, ARGV[1..2]  see epoch.lua
  ARGV[3]  what stands in place of the server

  Returns 1.
]]
redis.call("SET", KEYS[1], string.match(epoch, "^%S*") .. " " .. ARGV[3])
return 1
