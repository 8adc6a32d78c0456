--[[
  libs/dispatch-store/lua/begin-call.lua
  Notes whom a command is given to, right before it is: whoever finds the claim without an answer knows
  who may have it.

  KEYS, ARGV[1..3]  see lanes.lua
  ARGV[4]  command_id
  ARGV[5]  owner   the caller
  ARGV[6]  called  what the reports of the one that is called name

  Returns 1; 0 if the claim is another's by now: then nobody may be called.
]]
local claim = claim_of(ARGV[4])
local found = redis.call("HMGET", claim, "state", "owner")
if found[1] ~= "claimed" or found[2] ~= ARGV[5] then return 0 end
redis.call("HSET", claim, "called", ARGV[6])
return 1
