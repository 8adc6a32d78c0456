--[[
  libs/provider-ids/lua/link.lua
  Says to which attempts provider ids belong. The first one wins: an id that another attempt has stays
  with it, unless the caller knows that one to be over.

  KEYS[1..n] links  string per provider id: the attempt
  ARGV[1]    how long a link is kept, ms
  ARGV[2..]  the attempt of each, and the one that it may replace or "", one after the other

  Returns for each the other attempt that has the id; nil if it is linked.
]]
local count = #KEYS
local keep_ms = tonumber(ARGV[1])
assert(count > 0 and #ARGV == 1 + 2 * count, "two attempts per provider id")
assert(keep_ms and keep_ms > 0, "keep is not above 0")

local others = {}
for i = 1, count do
  local attempt, replaced = ARGV[2 * i], ARGV[2 * i + 1]
  others[i] = false
  -- Most ids are new: a restore links millions, each of which is looked for once so.
  if not redis.call("SET", KEYS[i], attempt, "NX", "PX", ARGV[1]) then
    local other = redis.call("MGET", KEYS[i])[1]
    -- What is no text is replaced, too.
    if other and other ~= attempt and other ~= replaced then others[i] = other
    else redis.call("SET", KEYS[i], attempt, "PX", ARGV[1]) end
  end
end
return others
