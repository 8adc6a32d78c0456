--[[
  libs/provider-ids/lua/forget.lua
  Takes reports away that wait no longer.

  KEYS[1]   reports    hash: name -> report
  KEYS[2]   names      sorted set of names, all with score 0
  KEYS[3]   ages       sorted set: name -> since when it waits, epoch ms
  KEYS[4]   providers  set of those whose reports wait in the shard
  ARGV[1]   the provider that all of the reports are of
  ARGV[2..] names

  Returns those that were there, so that of two callers one tells what became of them.
]]
assert(#KEYS == 4 and #ARGV > 1, "four keys, a provider and a name")

local gone = {}
for i = 2, #ARGV do
  if redis.call("HDEL", KEYS[1], ARGV[i]) == 1 then gone[#gone + 1] = ARGV[i] end
  redis.call("ZREM", KEYS[2], ARGV[i])
  redis.call("ZREM", KEYS[3], ARGV[i])
end
if redis.call("ZCARD", KEYS[3]) == 0 then redis.call("SREM", KEYS[4], ARGV[1]) end
return gone
