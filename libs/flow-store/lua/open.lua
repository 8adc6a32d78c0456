--[[
  libs/flow-store/lua/open.lua
  Opens a shard that is as it should be, with a new epoch; of several who would open it the first does. The counter
  is not below that of an entry of the outbox, also where its key alone was lost: who looks whether the outbox holds
  something of a message looks up to the counter.

  KEYS, ARGV[1..2]  see epoch.lua; the epoch is the one that was found closed
  KEYS[3]  restored  hash that a restore has worked with
  KEYS[4]  began     string: since which opening Redis has known the shard, epoch ms; 0: for as long as there were epochs
  KEYS[5]  outbox    stream
  ARGV[3]  the new epoch
  ARGV[4]  what the counter must be at least: the highest in the journal
  ARGV[5]  the instant of the opening, as the new epoch has it, epoch ms

  Returns 1.
]]
assert(is_natural(ARGV[4]) and is_natural(ARGV[5]), "a counter is not a number")
local last = redis.call("XREVRANGE", KEYS[5], "+", "-", "COUNT", 1)[1]
-- Of what nobody can read it may be anything.
local raised = last and is_natural(last[2][2]) and tonumber(last[2][2]) or 0
local at_least = math.max(tonumber(counter), tonumber(ARGV[4]), raised)
redis.call("SET", KEYS[2], string.format("%.0f", at_least))
redis.call("SET", KEYS[1], ARGV[3])
redis.call("UNLINK", KEYS[3])
redis.call("SET", KEYS[4], redis.call("EXISTS", KEYS[5]) == 1 and "0" or ARGV[5], "NX")
return 1
