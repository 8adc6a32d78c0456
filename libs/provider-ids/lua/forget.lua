--[[
  libs/provider-ids/lua/forget.lua
  Takes reports away that wait no longer.

  KEYS[1]   reports  hash: name -> report
  KEYS[2]   names    sorted set of names, all with score 0
  KEYS[3]   ages     sorted set: name -> since when it waits, epoch ms
  ARGV[1..] names

  Returns those that were there, so that of two callers one tells what became of them.
]]
assert(#KEYS == 3 and #ARGV > 0, "three keys and a name")

local gone = {}
for i = 1, #ARGV do
  if redis.call("HDEL", KEYS[1], ARGV[i]) == 1 then gone[#gone + 1] = ARGV[i] end
  redis.call("ZREM", KEYS[2], ARGV[i])
  redis.call("ZREM", KEYS[3], ARGV[i])
end
return gone
