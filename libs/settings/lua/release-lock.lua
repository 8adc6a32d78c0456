--[[
  libs/settings/lua/release-lock.lua
  Gives a lock back, unless it has run out and is another's by now.

  KEYS[1]  lock   string: the token of its holder
  ARGV[1]  token

  Returns 1 if the lock was the caller's, else 0.
]]
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call("DEL", KEYS[1])
