--[[
  libs/flow-store/lua/close.lua
  Closes a shard of which writes were lost, for everybody.

  KEYS, ARGV  see epoch.lua

  Returns 1.
]]
redis.call("SET", KEYS[1], string.match(epoch, "^%S*") .. " lost")
return 1
