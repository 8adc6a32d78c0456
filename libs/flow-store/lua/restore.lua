--[[
  libs/flow-store/lua/restore.lua
  Brings messages of a closed shard to where the journal has them: only upwards, in whatever order its
  records come, and as often as anybody likes. What the records of one message are sorted by is the epoch in
  which they were committed, and within an epoch the version. A state that was here before is of the shard's
  own epoch: a later epoch has gone on without it, and an earlier one is history to it.
  Ten million come one after the other. So they lie in one argument, what is written to one key goes there in
  one call, and nothing is noted of a message that is of the epoch which most are of.

  KEYS[1..2], ARGV[1..2]  see epoch.lua
  KEYS[3]   timers    zset: messageId -> due time, epoch ms
  KEYS[4]   restored  hash: messageId -> "<epoch> <version>" of the record that it was brought to, where that is not
            of the usual epoch; "" -> the usual epoch, and PADDING
  KEYS[5..] indexes   zset of an account each: messageId -> listing time, epoch ms
  ARGV[3]   ms that an index keeps a message
  ARGV[4]   the highest counter among the records: the shard's is never below it
  ARGV[5]   how the keys of states begin, which lie in the slot of the others; a messageId ends each. A state is a
            string: version (4 bytes, big-endian), then its bytes
  ARGV[6]   the messages, as RECORD has them: messageId; epoch, "" where the record has none; due time, "" takes
            the timer away; ms to keep the state, "" for ever; listing time or ""; which index, from 1, or 0; state

  Returns how many were written.
]]
local RECORD = ">I2c0I1c0I1c0I1c0I1c0I2I4c0"
-- A small hash is a list, which is looked through from its beginning, unless a value has more than 64 bytes.
local PADDING = "                                                                 "
local timers, restored, prefix, packed = KEYS[3], KEYS[4], ARGV[5], ARGV[6]
assert(is_natural(ARGV[3]) and is_natural(ARGV[4]), "not a number")
redis.call("ZCARD", timers) -- Only raises WRONGTYPE, as HGET does.

-- What was here before is of the shard's own epoch. An emptied one has none: its first record says what is usual.
local usual = string.match(redis.call("HGET", restored, "") or " none", "^(%S*)" .. PADDING)
if not usual then
  local _, first = struct.unpack(RECORD, packed)
  usual = string.match(epoch, "^%d%d%d%d%d%d%-%S*") or first
  redis.call("HSET", restored, "", usual .. PADDING)
end
local is_any_noted = redis.call("HLEN", restored) > 1

-- Returns whether nothing was stored.
local function keep_first(key, state, keep_ms)
  if keep_ms == "" then return redis.call("SET", key, state, "NX") end
  return redis.call("SET", key, state, "NX", "PX", keep_ms)
end

local function keep(key, state, keep_ms)
  if keep_ms == "" then return redis.call("SET", key, state) end
  return redis.call("SET", key, state, "PX", keep_ms)
end

-- Than the record that its message was brought to, or than what was here before. Returns the version of that as well.
local function is_newer(record_epoch, version, note, key)
  local known_epoch, known_version = usual, nil
  if note then known_epoch, known_version = string.match(note, "^(%S*) (%d+)$")
  else
    local head = redis.pcall("GETRANGE", key, 0, 3)
    if type(head) ~= "string" or #head < 4 then return true end -- Nothing of ours: SET takes its place.
    known_version = struct.unpack(">I4", head)
  end
  known_version = tonumber(known_version)
  if record_epoch ~= known_epoch then return record_epoch > known_epoch, known_version end
  return version > known_version, known_version
end

local noted, usual_ones, armed, rearmed, disarmed, listed, written = {}, {}, {}, {}, {}, {}, 0
local at = 1
while at <= #packed do
  local id, record_epoch, due_at, keep_ms, listed_at, index, state
  id, record_epoch, due_at, keep_ms, listed_at, index, state, at = struct.unpack(RECORD, packed, at)
  local key = prefix .. id
  local note = is_any_noted and redis.call("HGET", restored, id)
  local is_first = not note and keep_first(key, state, keep_ms)
  local version = struct.unpack(">I4", state)
  local newer, known_version = is_first, nil
  if not is_first then newer, known_version = is_newer(record_epoch, version, note, key) end
  if newer then
    if not is_first then keep(key, state, keep_ms) end
    if record_epoch ~= usual then
      noted[#noted + 1] = id
      noted[#noted + 1] = record_epoch .. " " .. string.format("%.0f", version)
    elseif note then
      usual_ones[#usual_ones + 1] = id
    end
    if due_at ~= "" then armed[#armed + 1], armed[#armed + 2] = due_at, id
    elseif not is_first then disarmed[#disarmed + 1] = id end
    written = written + 1
  elseif due_at ~= "" and version == known_version and redis.call("GET", key) == state then
    rearmed[#rearmed + 1], rearmed[#rearmed + 2] = due_at, id
  end
  if index > 0 then
    local of_index = listed[index] or {}
    of_index[#of_index + 1], of_index[#of_index + 2], listed[index] = listed_at, id, of_index
  end
end

if #noted > 0 then redis.call("HSET", restored, unpack(noted)) end
if #usual_ones > 0 then redis.call("HDEL", restored, unpack(usual_ones)) end
if #armed > 0 then redis.call("ZADD", timers, unpack(armed)) end
-- What is there as the journal has it has its timer, unless those alone were lost.
if #rearmed > 0 then redis.call("ZADD", timers, "NX", unpack(rearmed)) end
if #disarmed > 0 then redis.call("ZREM", timers, unpack(disarmed)) end
for index, of_index in pairs(listed) do
  local added = redis.pcall("ZADD", KEYS[4 + index], unpack(of_index))
  if type(added) == "table" then
    if not string.find(added.err, "WRONGTYPE", 1, true) then return added end
    redis.call("UNLINK", KEYS[4 + index]) -- Nothing of ours.
    redis.call("ZADD", KEYS[4 + index], unpack(of_index))
  end
  redis.call("PEXPIRE", KEYS[4 + index], ARGV[3])
end
if tonumber(counter) < tonumber(ARGV[4]) then redis.call("SET", KEYS[2], ARGV[4]) end
return written
