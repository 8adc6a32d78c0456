--[[
  libs/provider-ids/lua/find-waiting.lua
  The reports that wait for provider ids; they stay until forget.lua takes them away.

  KEYS[1]   reports  hash: name -> report
  KEYS[2]   names    sorted set of names, all with score 0
  ARGV[1..] how the names of each id begin

  Returns name and report, one after the other.
]]
assert(#KEYS == 2 and #ARGV > 0, "two keys and an id")

local found = {}
for i = 1, #ARGV do
  -- Also in the room that providers share which have none of their own (waiting-room.lua).
  for _, of_id in ipairs({ ARGV[i], "00::" .. ARGV[i] }) do
    for _, name in ipairs(redis.call("ZRANGEBYLEX", KEYS[2], "[" .. of_id, "(" .. of_id .. "\255")) do
      found[#found + 1] = name
      found[#found + 1] = redis.call("HGET", KEYS[1], name)
    end
  end
end
return found
