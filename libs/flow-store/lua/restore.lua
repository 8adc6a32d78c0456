--[[
  libs/flow-store/lua/restore.lua
  Brings messages of a closed shard to where the journal has them: only upwards, in whatever order its
  records come, and as often as anybody likes. What the records of one message are sorted by is the epoch in
  which they were committed, the shard's counter then, and the version. A state that was here before is of
  the shard's own epoch: a later epoch has gone on without it, an earlier one is history to it, and in its
  own the version decides. Where nobody knows its epoch the version alone decides.

  KEYS[1..2], ARGV[1..2]  see epoch.lua
  KEYS[3]   timers    zset: messageId -> due time, epoch ms
  KEYS[4]   restored  hash: messageId -> epoch and counter of the record that it was brought to
  KEYS[5..] states    string per message: version (4 bytes, big-endian), then its bytes;
            after them, for each message that has a listing time, in the same order:
            index     zset of its account: messageId -> listing time, epoch ms
  ARGV[3]   ms that an index keeps a message
  ARGV[4]   the highest counter among the records: the shard's is never below it
  ARGV[5..] seven per message: messageId; epoch, "" where the record has none; counter; state;
            due time, "" takes the timer away; ms to keep the state, "" for ever; listing time or ""

  Returns how many were written.
]]
local timers, restored, count = KEYS[3], KEYS[4], (#ARGV - 4) / 7
local own_epoch = string.match(epoch, "^%S*")
assert(is_natural(ARGV[3]) and is_natural(ARGV[4]), "not a number")
assert(count > 0 and count == math.floor(count), "seven arguments per message")
redis.call("ZCARD", timers) -- These two only raise WRONGTYPE.
redis.call("HLEN", restored)

local function is_newer(key, id, record)
  local head = redis.call("GETRANGE", key, 0, 3)
  if #head < 4 then return true end
  local version = struct.unpack(">I4", head)
  local mark = redis.call("HGET", restored, id)
  if not mark then
    if own_epoch == "" or record.epoch == own_epoch then return record.version > version end
    return record.epoch > own_epoch
  end
  local marked_epoch, marked_counter = string.match(mark, "^(%S*) (%d+)$")
  if record.epoch ~= marked_epoch then return record.epoch > marked_epoch end
  if record.counter ~= tonumber(marked_counter) then return record.counter > tonumber(marked_counter) end
  return record.version > version
end

local oldest = string.format("%.0f", math.max(0, redis.call("TIME")[1] * 1000 - tonumber(ARGV[3])))
local written, listed_count = 0, 0
for i = 1, count do
  local id, record_epoch, record_counter, state, due_at, keep_ms, listed_at =
    unpack(ARGV, 7 * i - 2, 7 * i + 4)
  assert(is_natural(record_counter), "a counter is not a number")
  assert(due_at == "" or is_natural(due_at), "a due time is not a number")
  assert(keep_ms == "" or (is_natural(keep_ms) and tonumber(keep_ms) > 0), "keep is not above 0")
  assert(listed_at == "" or is_natural(listed_at), "a listing time is not a number")
  local index = listed_at ~= "" and KEYS[5 + count + listed_count]
  if index then listed_count = listed_count + 1 end
  local record = {
    epoch = record_epoch,
    counter = tonumber(record_counter),
    version = struct.unpack(">I4", state),
  }
  if is_newer(KEYS[4 + i], id, record) then
    if keep_ms == "" then redis.call("SET", KEYS[4 + i], state)
    else redis.call("SET", KEYS[4 + i], state, "PX", keep_ms) end
    redis.call("HSET", restored, id, record_epoch .. " " .. record_counter)
    if due_at == "" then redis.call("ZREM", timers, id)
    else redis.call("ZADD", timers, due_at, id) end
    written = written + 1
  end
  if index and tonumber(listed_at) >= tonumber(oldest) then
    redis.call("ZADD", index, listed_at, id)
    redis.call("PEXPIRE", index, ARGV[3])
  end
end
if tonumber(counter) < tonumber(ARGV[4]) then redis.call("SET", KEYS[2], ARGV[4]) end
return written
