--[[
  libs/flow-store/lua/rearm.lua
  Puts the timers of messages where they belong, each only if its message is still as it was when that
  was worked out: a commit that came in between has armed the timer itself.

  KEYS[1..2], ARGV[1..2]  see epoch.lua
  KEYS[3..4]  see armed.lua
  KEYS[5..] states  string per message: version (4 bytes, big-endian), then its bytes
  ARGV[3..] three per message: messageId; its version, 0 where nothing is stored;
            due time, "" takes the timer away

  Returns how many timers were moved or taken away.
]]
local timers, count = KEYS[3], (#ARGV - 2) / 3
assert(count > 0 and #KEYS == count + 4, "three arguments and one state per message")
timer_count() -- Only raises WRONGTYPE.

local moved = 0
for i = 1, count do
  local id, version, due_at = unpack(ARGV, 3 * i, 3 * i + 2)
  -- The first bytes alone: a state may be large. Nothing stored gives an empty text.
  local stored = redis.call("GETRANGE", KEYS[i + 4], 0, 3)
  local stored_version = #stored == 4 and struct.unpack(">I4", stored) or 0
  if stored_version == tonumber(version) then
    if due_at == "" then moved = moved + redis.call("ZREM", timers, id)
    else moved = moved + redis.call("ZADD", timers, "XX", "CH", due_at, id) end
  end
end
if moved > 0 then note_armed(counter) end
return moved
