--[[
  libs/provider-ids/lua/forget.lua
  Takes reports away that wait no longer. Behind waiting-room.lua, whose keys are all that it has.

  ARGV[1..] names

  Returns those that were there, so that of two callers one tells what became of them.
]]
assert(#KEYS == 6 and #ARGV > 0, "six keys and a name")

local gone = {}
for i = 1, #ARGV do
  if take_away(ARGV[i]) then gone[#gone + 1] = ARGV[i] end
end
return gone
