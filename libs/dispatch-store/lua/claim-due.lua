--[[
  libs/dispatch-store/lua/claim-due.lua
  Takes what is due in a channel's retry queue. An entry moves to the end of a lease and leaves the
  queue only when its command is done, so that nothing is lost with a dispatcher that dies.

  KEYS[1]  retries  zset: commandId -> due time, epoch ms
  ARGV[1]  lease_ms
  ARGV[2]  count_max

  Returns the ms until the next entry is due (-1: the queue is empty), then the commandIds.
]]
local retries, lease_ms = KEYS[1], tonumber(ARGV[1])

local time = redis.call("TIME")
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
local reply = redis.call("ZRANGE", retries, "-inf", now_ms, "BYSCORE", "LIMIT", 0, ARGV[2])
for _, command_id in ipairs(reply) do
  redis.call("ZADD", retries, "XX", now_ms + lease_ms, command_id)
end
local first = redis.call("ZRANGE", retries, 0, 0, "WITHSCORES")
table.insert(reply, 1, first[2] and math.max(0, tonumber(first[2]) - now_ms) or -1)
return reply
