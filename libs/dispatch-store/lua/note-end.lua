--[[
  libs/dispatch-store/lua/note-end.lua
  Notes how a call of a connection ended. Its circuit opens with so many faults in a row; each time
  that a trial fails it stays open twice as long.

  KEYS, ARGV[1..3]  see lanes.lua
  ARGV[4]  provider   what its reports name
  ARGV[5]  why        the fault, in words; "" if there was none
  ARGV[6]  faults_max so many in a row open it
  ARGV[7]  open_ms    how long for, the first time
  ARGV[8]  open_ms_max

  Returns how long it is open for, ms; 0: it is closed.
]]
local circuit = KEYS[8] .. ARGV[4]
local function open_for(opens, open_ms, open_ms_max)
  return math.min(open_ms * 2 ^ (opens - 1), open_ms_max)
end

if ARGV[5] == "" then
  redis.call("DEL", circuit)
  return 0
end
local faults = redis.call("HINCRBY", circuit, "faults", 1)
redis.call("HSET", circuit, "why", ARGV[5])
redis.call("HDEL", circuit, "probe")
-- What nobody calls any more is forgotten; an open one is tried long before.
redis.call("PEXPIRE", circuit, 3600000)
local open_until = tonumber(redis.call("HGET", circuit, "until") or 0) or 0
if open_until > now_ms then return math.ceil(open_until - now_ms) end
-- One that was open is tried, and has failed again.
local was_open = redis.call("HEXISTS", circuit, "opens") == 1
if faults < tonumber(ARGV[6]) and not was_open then return 0 end
local opens = redis.call("HINCRBY", circuit, "opens", 1)
local for_ms = open_for(opens, tonumber(ARGV[7]), tonumber(ARGV[8]))
redis.call("HSET", circuit, "until", string.format("%.0f", now_ms + for_ms))
return math.ceil(for_ms)
