--[[
  libs/flow-store/lua/epoch.lua
  Goes before every script of a shard, which is refused on another epoch than the caller's, and where
  writes were lost: nothing is read or written then.

  KEYS[1]  epoch    string: "<epoch> <server>"; absent, or another server: the shard is closed
  KEYS[2]  counter  string: raised by every commit
  ARGV[1]  how the epoch must end: the whole of it, or, of whoever has read nothing yet, the server
  ARGV[2]  the highest counter that the caller has seen, a space, and the epoch in which it was that

  The error EPOCH <stored>, or LOSTWRITES <counter> <epoch>.
]]
local epoch = redis.call("GET", KEYS[1]) or ""
local counter = redis.call("GET", KEYS[2]) or "0"
local function is_natural(text) return #text <= 15 and string.find(text, "^%d+$") end
local seen_counter, seen_epoch = string.match(ARGV[2], "^(%d+) (.*)$")
assert(is_natural(counter) and seen_counter, "a counter is not a number")
if string.sub(epoch, -#ARGV[1]) ~= ARGV[1] then return redis.error_reply("EPOCH " .. epoch) end
if epoch == seen_epoch and tonumber(counter) < tonumber(seen_counter) then
  return redis.error_reply("LOSTWRITES " .. counter .. " " .. epoch)
end
