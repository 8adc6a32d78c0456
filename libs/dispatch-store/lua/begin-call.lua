--[[
  libs/dispatch-store/lua/begin-call.lua
  Picks whom a command is given to, and notes that right before the call: whoever finds the claim
  without an answer knows who may have it.

  Passed over is a connection whose circuit is open. When its time is over one call may try it, and
  until that has ended, or its lease, nobody else does.

  A connection whose paces nobody has asked is not picked: the caller asks them (ask-pace.lua), and calls this again.

  KEYS, ARGV[1..3]  see lanes.lua
  ARGV[4]  command_id
  ARGV[5]  owner     the caller
  ARGV[6]  lease_ms  longer than a call can take
  ARGV[7..]  in order, per candidate: what its reports name; "1" if it has a circuit; what its paces say: "ask", or
             "slot" or "late" (it was given none) and ms, a space between them

  Returns {index of the picked one (1 is the first; 0: none; -1: the claim is another's by now),
  how many others could be picked too, "1" if the picked one has failed before, ms until its paces have a
  slot (0: it is called now), then per candidate {ms until it may be tried (0: now), why}}; or, with nothing
  noted, {-2, index of the one whose paces are to be asked}.
]]
local claim, lease_ms = claim_of(ARGV[4]), tonumber(ARGV[6])
local found = redis.call("HMGET", claim, "state", "owner")
if found[1] ~= "claimed" or found[2] ~= ARGV[5] then return { -1, 0, "0", 0 } end

local PROBE_PAUSE_MS = 1000
-- Above every rest of a circuit: one that ends later was noted by a clock that was ahead.
local OPEN_MS_MAX = 60000
local picked, others, has_failed, paced_ms = 0, 0, "0", 0
local reply = {}

local function circuit_of(provider)
  local f = redis.call("HMGET", KEYS[8] .. provider, "until", "probe", "why")
  local open_ms = (tonumber(f[1] or 0) or 0) - now_ms
  local probe_ms = (tonumber(f[2] or 0) or 0) - now_ms
  if open_ms > 0 and open_ms <= OPEN_MS_MAX then return true, open_ms, f[3] or "" end
  if probe_ms > 0 and probe_ms <= lease_ms then return true, math.min(probe_ms, PROBE_PAUSE_MS), f[3] or "" end
  return f[3] ~= false, 0, f[3] or ""
end

local function call_now(provider, failed)
  redis.call("HSET", claim, "called", provider)
  if not failed then return end
  has_failed = "1"
  local circuit = KEYS[8] .. provider
  if redis.call("HEXISTS", circuit, "until") == 1 then
    redis.call("HSET", circuit, "probe", now_ms + lease_ms)
  end
end

-- The first that has no slot in time: it is picked where no other one has.
local late, late_ms

for i = 7, #ARGV, 3 do
  local provider = ARGV[i]
  local failed, wait_ms, why = false, 0, ""
  if ARGV[i + 1] == "1" then failed, wait_ms, why = circuit_of(provider) end
  if wait_ms == 0 and picked == 0 then
    local index = (i - 4) / 3
    if ARGV[i + 2] == "ask" then return { -2, index } end
    local word, pace_ms = string.match(ARGV[i + 2], "^(%a+) (%d+)$")
    if word == "slot" then
      picked, paced_ms = index, tonumber(pace_ms)
      if paced_ms == 0 then call_now(provider, failed) end
    elseif not late then
      late, late_ms = index, tonumber(pace_ms)
    end
  elseif wait_ms == 0 then
    others = others + 1
  end
  table.insert(reply, { wait_ms, why })
end
if picked == 0 and late then picked, paced_ms = late, late_ms end
return { picked, others, has_failed, paced_ms, unpack(reply) }
