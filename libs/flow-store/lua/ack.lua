--[[
  libs/flow-store/lua/ack.lua
  Drops a published outbox entry, unless one of its messages has moved on since. Then the journal
  may end with the older state, so the newer one is returned to be published again, and the entry
  stays until that is done. An entry that is gone already is judged in the same way.

  KEYS[1..2], ARGV[1..2]  see epoch.lua
  KEYS[3]   outbox  stream
  KEYS[4..] states  string per message: version (4 bytes, big-endian), then its bytes
  ARGV[3]   id of the entry
  ARGV[4..] the published version of each message; without any the entry is dropped as it is

  Returns { counter, then 0-based index and state, one after the other, of each message that moved
  on }; a message whose state has expired has not.
]]
local outbox, entry_id = KEYS[3], ARGV[3]
assert(#ARGV == #KEYS, "one version per message")
redis.call("XLEN", outbox) -- Only raises WRONGTYPE.

local stored = #KEYS > 3 and redis.call("MGET", unpack(KEYS, 4)) or {}
local newer, missing = {}, {}
for i = 1, #stored do
  local published = assert(tonumber(ARGV[i + 3]), "a version is not a number")
  if not stored[i] then
    missing[#missing + 1] = KEYS[i + 3]
  elseif struct.unpack(">I4", stored[i]) > published then
    newer[#newer + 1], newer[#newer + 2] = i - 1, stored[i]
  end
end
assert(#missing == 0 or redis.call("EXISTS", unpack(missing)) == 0, "WRONGTYPE of a state")

if #newer == 0 then redis.call("XDEL", outbox, entry_id) end
return { tonumber(counter), unpack(newer) }
