--[[
  libs/dispatch-store/lua/take-in.lua
  Puts commands that were never seen before into their lanes. A command that is known is left as it
  is: its lane, its lease or its retry brings it on.

  KEYS, ARGV[1..3]  see lanes.lua
  ARGV[4..]  per command: command_id, account, lane, command (bytes), trace (W3C traceparent or "")

  Returns per command {state, answer}: the state that it was found in, "" for a new one, and the
  report that answered it, or "".
]]
local reply = {}
for i = 4, #ARGV, 5 do
  local command_id, account, lane = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local claim = claim_of(command_id)
  local known = redis.call("HMGET", claim, "state", "answer")
  if not known[1] then
    -- Each a microsecond after the one before, so that a lane keeps the order of the topic.
    local since = now_us + (i - 4) / 5
    redis.call("HSET", claim, "state", "waiting", "account", account, "lane", lane,
      "since", string.format("%.0f", since), "command", ARGV[i + 3], "trace", ARGV[i + 4])
    redis.call("PEXPIRE", claim, keep_ms)
    join_lane(account, lane, command_id, since)
  end
  table.insert(reply, { known[1] or "", known[2] or "" })
end
return reply
