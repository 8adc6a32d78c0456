--[[
  libs/flow-store/lua/claim-due.lua
  Takes timers that are due and hides each until a lease ends. They stay in the set: only a commit
  removes or moves them for good, so a tick that gets lost fires again.

  KEYS[1]  timers   zset: messageId -> due time, epoch ms
  KEYS[2]  counter  string: raised by every commit
  ARGV[1]  the highest counter that the caller has seen
  ARGV[2]  the caller's clock, epoch ms: a timer is due only by both clocks, so never early
  ARGV[3]  lease, ms, from the clock that is behind: one ahead would hide a lost tick for long
  ARGV[4]  how many at most

  Returns { messageId and due time one after the other, earliest first; the next due time or nil;
  the clock of Redis, epoch ms; counter }; the error LOSTWRITES <counter> as in commit.lua.
]]
local timers = KEYS[1]
local counter = redis.call("GET", KEYS[2]) or "0"
local seen, caller_now_ms = tonumber(ARGV[1]), tonumber(ARGV[2])
local lease_ms, count_max = tonumber(ARGV[3]), tonumber(ARGV[4])
assert(tonumber(counter) and seen and caller_now_ms and lease_ms and count_max, "not a number")
if tonumber(counter) < seen then return redis.error_reply("LOSTWRITES " .. counter) end

local time = redis.call("TIME")
local now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
local clock = string.format("%.0f", math.min(now_ms, caller_now_ms))
local due = redis.call(
  "ZRANGE", timers, "-inf", clock, "BYSCORE", "LIMIT", 0, count_max, "WITHSCORES"
)
local leased = {}
for i = 1, #due, 2 do
  leased[i], leased[i + 1] = string.format("%.0f", math.min(now_ms, caller_now_ms) + lease_ms), due[i]
end
if #leased > 0 then redis.call("ZADD", timers, unpack(leased)) end
local first = redis.call("ZRANGE", timers, 0, 0, "WITHSCORES")
return { due, first[2] or false, now_ms, tonumber(counter) }
