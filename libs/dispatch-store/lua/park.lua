--[[
  libs/dispatch-store/lua/park.lua
  Puts a claimed command into the retry queue, to be taken up again after a delay.

  With a counter, the claim becomes `parked`: nobody holds it, and only the retry queue brings it
  back. Without one, another dispatcher holds the claim; it is left as it is, and the queue only
  looks at it again. A command that the queue already has keeps its earlier due time then.

  KEYS[1]  claim    hash, see claim.lua; command and trace are what the queue needs to go on
  KEYS[2]  retries  zset: commandId -> due time, epoch ms
  ARGV[1]  command_id
  ARGV[2]  delay_ms
  ARGV[3]  keep_ms
  ARGV[4]  command  bytes
  ARGV[5]  trace    W3C traceparent or ""
  ARGV[6]  counter  "refusals" or "losses": raised by one; "": the claim stays another's

  Returns 1.
]]
local claim, retries = KEYS[1], KEYS[2]
local command_id, delay_ms, keep_ms, counter = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[6]

local time = redis.call("TIME")
local due_at = time[1] * 1000 + math.floor(time[2] / 1000) + delay_ms
redis.call("HSET", claim, "command", ARGV[4], "trace", ARGV[5])
if counter == "" then
  redis.call("ZADD", retries, "NX", due_at, command_id)
  -- The time to live tells the age of the other's lease: it is set only where there is none.
  if redis.call("PTTL", claim) < 0 then redis.call("PEXPIRE", claim, keep_ms) end
  return 1
end
redis.call("HINCRBY", claim, counter, 1)
redis.call("HSET", claim, "state", "parked")
redis.call("PEXPIRE", claim, keep_ms)
redis.call("ZADD", retries, due_at, command_id)
return 1
