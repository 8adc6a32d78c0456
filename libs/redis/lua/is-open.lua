--[[
  libs/redis/lua/is-open.lua
  Stands before each script of a store that can be rebuilt, but not compared (see
  libs/redis/open-script.ts). Takes the last key and argument off, so that the script behind it counts
  its own only: the store's mark, a string; the Redis process that the caller is connected to.

  Returns the error CLOSED <mark>, before anything is done, where the mark does not name that process.
]]
local mark, server = table.remove(KEYS), table.remove(ARGV)
if redis.call("GET", mark) ~= server then return redis.error_reply("CLOSED " .. mark) end
