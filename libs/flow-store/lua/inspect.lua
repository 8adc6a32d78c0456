--[[
  libs/flow-store/lua/inspect.lua
  What is known of a shard, whether or not it is open.

  KEYS[1]  epoch    string
  KEYS[2]  counter  string
  KEYS[3]  outbox   stream
  KEYS[4]  timers   zset
  KEYS[5]  armed    string, see armed.lua: of a closed shard it may say how many timers there were

  Returns { epoch, counter, the id of the last entry that the outbox was ever given, entries in it, how many timers less
  there are than were noted, clock of Redis as TIME has it }.
]]
local last_id = "0-0"
if redis.call("EXISTS", KEYS[3]) == 1 then
  local stream = redis.call("XINFO", "STREAM", KEYS[3])
  for i = 1, #stream, 2 do
    if stream[i] == "last-generated-id" then last_id = stream[i + 1] end
  end
end
local epoch, counter = redis.call("GET", KEYS[1]) or "", redis.call("GET", KEYS[2]) or "0"
local noted_at, noted_count, noted_in = string.match(redis.call("GET", KEYS[5]) or "", "^(%d+) (%d+) (%S+)$")
local is_noted = noted_at == counter and noted_in == string.match(epoch, "^%S*")
local missing_count = is_noted and math.max(0, tonumber(noted_count) - redis.call("ZCARD", KEYS[4])) or 0
return {
  epoch, tonumber(counter), last_id, redis.call("XLEN", KEYS[3]), missing_count, redis.call("TIME")
}
