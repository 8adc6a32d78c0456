--[[
  libs/flow-store/lua/inspect.lua
  What is known of a shard, whether or not it is open.

  KEYS[1]  epoch    string
  KEYS[2]  counter  string
  KEYS[3]  outbox   stream

  Returns { epoch, counter, the id of the last entry that the outbox was ever given, entries in it }.
]]
local last_id = "0-0"
if redis.call("EXISTS", KEYS[3]) == 1 then
  local stream = redis.call("XINFO", "STREAM", KEYS[3])
  for i = 1, #stream, 2 do
    if stream[i] == "last-generated-id" then last_id = stream[i + 1] end
  end
end
return {
  redis.call("GET", KEYS[1]) or "", tonumber(redis.call("GET", KEYS[2]) or "0"), last_id,
  redis.call("XLEN", KEYS[3])
}
