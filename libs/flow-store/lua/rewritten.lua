--[[
  libs/flow-store/lua/rewritten.lua
  When the journal's entries of messages that wait for their start were last written again.

  KEYS[1..2], ARGV[1..2]  see epoch.lua
  KEYS[3]  rewritten  string: epoch ms
  ARGV[3]  what is noted now; "" only asks

  Returns { epoch, what was noted before or "0" }.
]]
local before = redis.call("GET", KEYS[3]) or "0"
if ARGV[3] ~= "" then redis.call("SET", KEYS[3], ARGV[3]) end
return { epoch, before }
