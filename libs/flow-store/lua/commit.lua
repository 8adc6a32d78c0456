--[[
  libs/flow-store/lua/commit.lua
  Writes the next state of some messages of one shard, each only if its version has not moved, and only until an
  instant: what stood in a socket while Redis did would begin a wait that is half over.
  All is read and checked before the first write: Redis does not undo a script that fails midway.

  KEYS[1..2], ARGV[1..2]  see epoch.lua
  KEYS[3..4]  see armed.lua
  KEYS[5]   outbox   stream: what is still to be published. An entry's first pairs are its counter,
            and its messages' versions (4 bytes each) with its instant behind them (epoch ms as 8
            bytes): ids of a stream never go back, so after a clock that ran ahead they tell no age
  KEYS[6..] states   string per message: version (4 bytes, big-endian), then its bytes;
            after them, for each message that has a listing time, in the same order:
            index    zset of its account: messageId -> listing time, epoch ms
  ARGV[3]   ms that an index keeps a message
  ARGV[4..] seven per message: messageId; state, its version being the stored one + 1;
            due time, "" takes the timer away; ms to keep the state, "" for ever;
            listing time, "" leaves the index as it is; outbox bytes; the last instant for it, epoch ms

  Returns { 0-based indexes of conflicts, outbox entry id or nil if nothing was written, counter, how many of the
  conflicts came after their last instant }.
]]
local counter_key, timers, outbox, count = KEYS[2], KEYS[3], KEYS[5], (#ARGV - 3) / 7
assert(is_natural(ARGV[3]) and tonumber(ARGV[3]) > 0, "the index keeps nothing")
assert(count > 0 and count == math.floor(count), "seven arguments per message")
timer_count() -- These two only raise WRONGTYPE.
redis.call("XLEN", outbox)

local time = redis.call("TIME")
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
local stored = redis.call("MGET", unpack(KEYS, 6, 5 + count))
local conflicts, missing, states, expiries, armed, disarmed = {}, {}, {}, {}, {}, {}
local versions, entry, indexes, listed_count, late_count = {}, {}, {}, 0, 0
for i = 1, count do
  local key, id, state, due_at, keep_ms, listed_at, bytes, store_by =
    KEYS[i + 5], unpack(ARGV, 7 * i - 3, 7 * i + 3)
  assert(due_at == "" or is_natural(due_at), "a due time is not a number")
  assert(keep_ms == "" or (is_natural(keep_ms) and tonumber(keep_ms) > 0), "keep is not above 0")
  assert(listed_at == "" or is_natural(listed_at), "a listing time is not a number")
  assert(is_natural(store_by), "the last instant is not a number")
  local index = listed_at ~= "" and KEYS[6 + count + listed_count]
  if index then listed_count = listed_count + 1 end
  if not stored[i] then missing[#missing + 1] = key end
  local stored_version = stored[i] and struct.unpack(">I4", stored[i]) or 0
  local is_late = tonumber(store_by) < now_ms
  if struct.unpack(">I4", state) ~= stored_version + 1 or is_late then
    conflicts[#conflicts + 1] = i - 1
    if is_late then late_count = late_count + 1 end
  else
    states[#states + 1], states[#states + 2] = key, state
    if keep_ms ~= "" then expiries[key] = keep_ms end
    if due_at == "" then disarmed[#disarmed + 1] = id
    else armed[#armed + 1], armed[#armed + 2] = due_at, id end
    if index then
      local listed = indexes[index] or {}
      listed[#listed + 1], listed[#listed + 2], indexes[index] = listed_at, id, listed
    end
    versions[#versions + 1] = string.sub(state, 1, 4)
    entry[#entry + 1], entry[#entry + 2] = id, bytes
  end
end
assert(#KEYS == 5 + count + listed_count, "one index per listing time")
-- MGET returns nil for a key of another type as well, and MSET would write over it.
assert(#missing == 0 or redis.call("EXISTS", unpack(missing)) == 0, "WRONGTYPE of a state")
if #states == 0 then return { conflicts, false, tonumber(counter), late_count } end
-- What is no list of an account is nothing of ours, and no request's fault.
for index in pairs(indexes) do
  if type(redis.pcall("ZCARD", index)) ~= "number" then redis.call("UNLINK", index) end
end

redis.call("MSET", unpack(states)) -- A full Redis refuses here, before anything is written.
for key, keep_ms in pairs(expiries) do redis.call("PEXPIRE", key, keep_ms) end
if #armed > 0 then redis.call("ZADD", timers, unpack(armed)) end
if #disarmed > 0 then redis.call("ZREM", timers, unpack(disarmed)) end
if next(indexes) then
  local oldest = string.format("%.0f", time[1] * 1000 - tonumber(ARGV[3]))
  for index, listed in pairs(indexes) do
    redis.call("ZADD", index, unpack(listed))
    -- Twice as many as one commit can add: it always catches up, and never holds up others.
    local old = math.min(redis.call("ZCOUNT", index, "-inf", "(" .. oldest), 1024)
    if old > 0 then redis.call("ZREMRANGEBYRANK", index, 0, old - 1) end
    redis.call("PEXPIRE", index, ARGV[3]) -- No entry is younger than now.
  end
end
local raised = string.format("%.0f", redis.call("INCR", counter_key))
note_armed(raised)
versions[#versions + 1] = struct.pack(">d", now_ms)
local entry_id = redis.call(
  "XADD", outbox, "*", "counter", raised, "versions", table.concat(versions), unpack(entry)
)
return { conflicts, entry_id, tonumber(raised), late_count }
