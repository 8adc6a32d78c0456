--[[
  libs/dispatch-store/lua/forget.lua
  Takes a command that cannot be handled out of the queue. Without an answer it is as if it had never
  come, so that it can be sent once more when its fault is mended; an answer is kept.

  KEYS, ARGV[1..3]  see lanes.lua
  ARGV[4]  command_id, claimed or delayed

  Returns 1.
]]
local command_id = ARGV[4]
local claim = claim_of(command_id)
redis.call("ZREM", delayed, command_id)
if redis.call("HGET", claim, "state") == "answered" then
  redis.call("HDEL", claim, "account", "lane", "since", "command", "trace", "passed")
else
  redis.call("UNLINK", claim)
end
return 1
