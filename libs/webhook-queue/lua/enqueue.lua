--[[
  libs/webhook-queue/lua/enqueue.lua
  Appends notifications to a message's queue in a lane; those that it has had before are left out, so
  that a journal entry which comes again tells nothing twice.
  Behind libs/redis/lua/two-clocks.lua.

  KEYS[1]  lanes    zset: lane -> when there is next something to claim, epoch ms
  KEYS[2]  waiting  zset: lane .. "\n" .. message_id -> since when something waits, epoch ms
  KEYS[3]  due      zset: message_id -> when its first notification is due, epoch ms
  KEYS[4]  queue    list of notifications, oldest first
  KEYS[5]  told     set of notifications' marks
  ARGV[1]  lane
  ARGV[2]  message_id
  ARGV[3]  told_keep_ms
  ARGV[4]  waiting_max  messages that may wait in the lane
  ARGV[5]  "again" to take what was told before; else ""
  ARGV[6]  mark, ARGV[7]  notification, ARGV[8]  the next mark, ...

  Returns how many were appended; -1, with nothing done, if the lane is full.
]]
local lanes, waiting, due, queue, told = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local lane, message_id, told_keep_ms = ARGV[1], ARGV[2], ARGV[3]

local is_waiting = redis.call("ZSCORE", due, message_id)
if not is_waiting and redis.call("ZCARD", due) >= tonumber(ARGV[4]) then return -1 end

local appended = 0
for i = 6, #ARGV, 2 do
  local is_new = redis.call("SADD", told, ARGV[i]) == 1
  if is_new or ARGV[5] == "again" then
    redis.call("RPUSH", queue, ARGV[i + 1])
    appended = appended + 1
  end
end
redis.call("PEXPIRE", told, told_keep_ms)
if appended > 0 and not is_waiting then
  redis.call("ZADD", due, earlier_ms, message_id)
  redis.call("ZADD", waiting, "NX", earlier_ms, lane .. "\n" .. message_id)
  redis.call("ZADD", lanes, "LT", earlier_ms, lane)
end
return appended
