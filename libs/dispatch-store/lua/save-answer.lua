--[[
  libs/dispatch-store/lua/save-answer.lua
  Keeps the final report of a command, so that whenever it is delivered again it is reported again
  and not called. The last writer wins: a dispatcher that was late, but has the provider's word,
  knows more than the one that took over.

  KEYS, ARGV[1..3]  see lanes.lua
  ARGV[4]  command_id
  ARGV[5]  report      bytes; "" if there is nothing to say
  ARGV[6]  "1" if no call was made: the token goes back

  Returns 1.
]]
local claim = claim_of(ARGV[4])
redis.call("HSET", claim, "state", "answered", "answer", ARGV[5])
redis.call("PEXPIRE", claim, keep_ms)
if ARGV[6] == "1" then give_token_back(claim) end
return 1
