--[[
  libs/flow-store/lua/armed.lua
  Goes before the scripts that go by a shard's timers. A sorted set that somebody has deleted looks like one in which
  nothing waits: open messages would wait for ever. So how many timers there were is noted with each change, beside the
  epoch and the counter at which it was made. With another epoch or counter somebody has gone on who notes nothing (an
  older version): the note tells nothing then, until the next one.

  KEYS[3]  timers  zset: messageId -> due time, epoch ms
  KEYS[4]  armed   string: "<counter> <how many timers> <name of the epoch>"

  The error LOSTTIMERS <how many were noted> <how many are there> <epoch>.
]]
local epoch_name = string.match(epoch, "^%S*")
local noted_at, noted_count, noted_in = string.match(redis.call("GET", KEYS[4]) or "", "^(%d+) (%d+) (%S+)$")
local is_noted = noted_at == counter and noted_in == epoch_name
local function timer_count() return redis.call("ZCARD", KEYS[3]) end
if is_noted and timer_count() < tonumber(noted_count) then
  return redis.error_reply(
    "LOSTTIMERS " .. noted_count .. " " .. string.format("%.0f", timer_count()) .. " " .. epoch)
end
local function note_armed(at_counter)
  redis.call("SET", KEYS[4], table.concat({ at_counter, string.format("%.0f", timer_count()), epoch_name }, " "))
end
