--[[
  libs/read-again/lua/done-read-again.lua
  A topic was read again from an instant on. If an earlier one has been noted meanwhile, that one stands.

  KEYS[1]  hash: topic -> since when, epoch ms
  ARGV[1]  topic
  ARGV[2]  the instant

  Returns 1 where nothing is left to do for it.
]]
local noted = redis.call("HGET", KEYS[1], ARGV[1])
if noted and noted ~= ARGV[2] then return 0 end
redis.call("HDEL", KEYS[1], ARGV[1])
return 1
