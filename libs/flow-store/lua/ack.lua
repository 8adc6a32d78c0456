--[[
  libs/flow-store/lua/ack.lua
  Drops a published outbox entry, unless one of its messages has moved on since. Then the journal
  may end with the older state, so the newer one is returned to be published again, and the entry
  stays until that is done. An entry that is gone already is judged in the same way.

  KEYS[1]   outbox  stream
  KEYS[2..] states  string per message: version (4 bytes, big-endian), then its bytes
  ARGV[1]   id of the entry
  ARGV[2..] the published version of each message

  Returns 0-based index and state, one after the other, of each message that moved on; a message
  whose state has expired has not.
]]
local outbox, entry_id = KEYS[1], ARGV[1]
assert(#KEYS > 1 and #ARGV == #KEYS, "one version per message")
redis.call("XLEN", outbox) -- Only raises WRONGTYPE.

local stored = redis.call("MGET", unpack(KEYS, 2))
local newer, missing = {}, {}
for i = 1, #stored do
  local published = assert(tonumber(ARGV[i + 1]), "a version is not a number")
  if not stored[i] then
    missing[#missing + 1] = KEYS[i + 1]
  elseif struct.unpack(">I4", stored[i]) > published then
    newer[#newer + 1], newer[#newer + 2] = i - 1, stored[i]
  end
end
assert(#missing == 0 or redis.call("EXISTS", unpack(missing)) == 0, "WRONGTYPE of a state")

if #newer == 0 then redis.call("XDEL", outbox, entry_id) end
return newer
