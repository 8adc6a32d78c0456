--[[
  libs/dispatch-store/lua/save-answer.lua
  Keeps the final report of a command, so that every later claim finds it. The last writer wins: a
  dispatcher that was late, but has the provider's word, knows more than the one that took over.

  KEYS[1]  claim    hash, see claim.lua
  ARGV[1]  report   bytes
  ARGV[2]  keep_ms

  Returns 1.
]]
redis.call("HSET", KEYS[1], "state", "answered", "answer", ARGV[1])
redis.call("PEXPIRE", KEYS[1], ARGV[2])
return 1
