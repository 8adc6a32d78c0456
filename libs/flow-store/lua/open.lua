--[[
  libs/flow-store/lua/open.lua
  Opens a shard that is as it should be, with a new epoch; of several who would open it the first does.

  KEYS, ARGV[1..2]  see epoch.lua; the epoch is the one that was found closed
  KEYS[3]  restored  hash that a restore has worked with
  ARGV[3]  the new epoch
  ARGV[4]  what the counter must be at least: the highest in the journal

  Returns 1.
]]
assert(is_natural(ARGV[4]), "a counter is not a number")
local at_least = math.max(tonumber(counter), tonumber(ARGV[4]))
redis.call("SET", KEYS[2], string.format("%.0f", at_least))
redis.call("SET", KEYS[1], ARGV[3])
redis.call("UNLINK", KEYS[3])
return 1
