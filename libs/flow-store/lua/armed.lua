--[[
  libs/flow-store/lua/armed.lua
  Goes before the scripts that go by a shard's timers. A sorted set that somebody has deleted looks like one in which
  nothing waits: open messages would wait for ever. So how many timers there were is noted with each change, beside the
  counter at which it was made. Below another counter somebody has gone on who notes nothing (an older version): it tells
  nothing then, until the next change.

  KEYS[3]  timers  zset: messageId -> due time, epoch ms
  KEYS[4]  armed   string: "<counter> <how many timers>"

  The error LOSTTIMERS <counter> <epoch>.
]]
local function timer_count() return redis.call("ZCARD", KEYS[3]) end
local noted_at, noted_count = string.match(redis.call("GET", KEYS[4]) or "", "^(%d+) (%d+)$")
if noted_at == counter and timer_count() < tonumber(noted_count) then
  return redis.error_reply("LOSTTIMERS " .. counter .. " " .. epoch)
end
local function note_armed(at_counter)
  redis.call("SET", KEYS[4], at_counter .. " " .. string.format("%.0f", timer_count()))
end
